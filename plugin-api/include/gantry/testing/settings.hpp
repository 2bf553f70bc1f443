// A route's settings in a test: what the test sets, checked against the handler's options as the
// host checks TOML, with the schema's own defaults for the rest. Errors are std::invalid_argument
// and name the option. Also what is behind the ABI's `const gantry_config*`.
#pragma once

#include <gantry/abi.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <gantry/testing/toml_value.hpp>
#include <initializer_list>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace gantry::testing {

class Settings {
 public:
  explicit Settings(const gantry_handler_type& type) : type_(&type) {}

  void set(const std::string& name, Setting value) {
    const gantry_option& option = find(name);
    if (option.type == GANTRY_NUMBER && std::holds_alternative<std::int64_t>(value)) {
      value = static_cast<double>(std::get<std::int64_t>(value));
    }
    if (value.index() != index_of(option.type)) fail(name, "is set to a value of another type");
    check_allowed(option, value);
    values_[name] = std::move(value);
  }

  // Before open(): the defaults, and what is missing.
  void complete() {
    for (std::size_t i = 0; i < type_->option_count; ++i) {
      const gantry_option& option = *type_->options[i];
      if (values_.count(option.name) != 0) continue;
      if (option.fallback == nullptr) fail(option.name, "is required: set() it");
      try {
        set(option.name, FallbackReader(option.fallback).read());
      } catch (const std::invalid_argument& error) {
        fail(option.name, std::string("has the fallback ") + option.fallback + ": " + error.what());
      }
    }
  }

  // For open() and create(): between begin() and end() the settings can be read; a read at another
  // time gives nothing and counts.
  const gantry_config* begin() {
    is_open_ = true;
    return reinterpret_cast<const gantry_config*>(this);
  }
  void end() { is_open_ = false; }
  std::size_t late_reads() const { return late_reads_; }

  static std::int32_t config_integer(const gantry_config* config, const char* name,
                                     std::int64_t* out) {
    const Setting* value =
        readable(config, name, {GANTRY_BOOL, GANTRY_INTEGER, GANTRY_DURATION_MS});
    if (value == nullptr) return 0;
    const bool* flag = std::get_if<bool>(value);
    *out = flag != nullptr ? *flag : std::get<std::int64_t>(*value);
    return 1;
  }
  static std::int32_t config_number(const gantry_config* config, const char* name, double* out) {
    const Setting* value = readable(config, name, {GANTRY_NUMBER, GANTRY_INTEGER});
    if (value == nullptr) return 0;
    const auto* whole = std::get_if<std::int64_t>(value);
    *out = whole != nullptr ? static_cast<double>(*whole) : std::get<double>(*value);
    return 1;
  }
  static std::int32_t config_text(const gantry_config* config, const char* name, std::size_t index,
                                  gantry_str* out) {
    const Setting* value =
        readable(config, name, {GANTRY_TEXT, GANTRY_URL, GANTRY_DATABASE, GANTRY_TEXT_LIST});
    if (value == nullptr) return 0;
    if (const auto* list = std::get_if<std::vector<std::string>>(value)) {
      if (index >= list->size()) return 0;
      *out = {(*list)[index].data(), (*list)[index].size()};
      return 1;
    }
    if (index > 0) return 0;
    const auto& text = std::get<std::string>(*value);
    *out = {text.data(), text.size()};
    return 1;
  }

 private:
  const gantry_option* declared(std::string_view name) const {
    for (std::size_t i = 0; i < type_->option_count; ++i) {
      if (name == type_->options[i]->name) return type_->options[i];
    }
    return nullptr;
  }
  const Setting* value(const std::string& name) const {
    const auto found = values_.find(name);
    return found == values_.end() ? nullptr : &found->second;
  }

  // A setting of another type is not there.
  static const Setting* readable(const gantry_config* config, const char* name,
                                 std::initializer_list<std::uint32_t> types) {
    const auto& self = *reinterpret_cast<const Settings*>(config);
    if (!self.is_open_) ++self.late_reads_;
    const gantry_option* option = self.is_open_ ? self.declared(name) : nullptr;
    if (option == nullptr) return nullptr;
    for (const std::uint32_t type : types) {
      if (option->type == type) return self.value(name);
    }
    return nullptr;
  }
  [[noreturn]] static void fail(const std::string& name, const std::string& what) {
    throw std::invalid_argument("option '" + name + "' " + what);
  }
  const gantry_option& find(const std::string& name) const {
    if (const gantry_option* option = declared(name)) return *option;
    fail(name, std::string("is not among the options of handler '") + type_->id + "'");
  }
  static std::size_t index_of(std::uint32_t type) {
    switch (type) {
      case GANTRY_BOOL:
        return 0;
      case GANTRY_INTEGER:
      case GANTRY_DURATION_MS:
        return 1;
      case GANTRY_NUMBER:
        return 2;
      case GANTRY_TEXT_LIST:
        return 4;
      default:
        return 3;
    }
  }

  static void check_allowed(const gantry_option& option, const Setting& value) {
    if (option.type == GANTRY_DURATION_MS && std::get<std::int64_t>(value) < 0) {
      fail(option.name, "is a duration and negative");
    }
    if (option.allowed == nullptr) return;
    const std::string_view allowed = option.allowed;
    bool fits = false;
    if (const auto* text = std::get_if<std::string>(&value)) {
      fits = ('|' + std::string(allowed) + '|').find('|' + *text + '|') != std::string::npos;
    } else {
      const auto dots = allowed.find("..");
      const double number = std::holds_alternative<double>(value)
                                ? std::get<double>(value)
                                : static_cast<double>(std::get<std::int64_t>(value));
      fits = dots != std::string_view::npos && number >= std::strtod(option.allowed, nullptr) &&
             number <= std::strtod(option.allowed + dots + 2, nullptr);
    }
    if (!fits) fail(option.name, std::string("is not among the allowed ") + option.allowed);
  }

  const gantry_handler_type* type_;
  std::map<std::string, Setting, std::less<>> values_;
  std::atomic<bool> is_open_ = false;
  mutable std::atomic<std::size_t> late_reads_ = 0;
};

}  // namespace gantry::testing
