// Host: the services of one route, valid as long as the handler lives; copy it into the handler.
// Any thread. Context: what a constructor is given, the route's validated settings and the Host.
// Valid during the constructor only.
#pragma once

#include <chrono>
#include <cstdint>
#include <gantry/extensions.hpp>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace gantry {

enum class LogLevel : std::int32_t {
  debug = GANTRY_LOG_DEBUG,
  info = GANTRY_LOG_INFO,
  warning = GANTRY_LOG_WARNING,
  error = GANTRY_LOG_ERROR
};

class Host {
 public:
  explicit Host(const gantry_host* raw) noexcept : raw_(raw) {}

  // One line of the host's log; `about` adds which message it is about. No payloads, no personal
  // data.
  void log(LogLevel level, std::string_view text, const Slot& about = {}) const noexcept {
    raw_->log(raw_, about.id(), static_cast<std::int32_t>(level), detail::str(text));
  }

  std::uint32_t abi_minor() const noexcept { return raw_->abi_minor; }
  const gantry_host* raw() const noexcept { return raw_; }

  // nullopt: this host does not offer it, or not on this route.
  template <class Extension>
  std::optional<Extension> find() const noexcept {
    const void* table = raw_->extension(raw_, Extension::id);
    if (table == nullptr) return std::nullopt;
    return Extension(raw_, static_cast<const typename Extension::Table*>(table));
  }
  // Throws where find() gives nullopt: out of a constructor this refuses the route, with this text.
  template <class Extension>
  Extension extension() const {
    if (auto found = find<Extension>()) return *found;
    throw std::runtime_error(std::string("this route is not offered ") + Extension::id +
                             ": it needs a newer host, or a source that has it");
  }

 private:
  const gantry_host* raw_;
};

class Context {
 public:
  Context(const gantry_host* host, const gantry_config* config) noexcept
      : host_(host), config_(config) {}

  Host host() const noexcept { return host_; }
  void log(LogLevel level, std::string_view text) const noexcept { host_.log(level, text); }
  template <class Extension>
  std::optional<Extension> find() const noexcept {
    return host_.find<Extension>();
  }
  template <class Extension>
  Extension extension() const {
    return host_.extension<Extension>();
  }

  // The settings, by the names in `options`. The host has checked them, so that each is there and
  // of its type: asking for one that is not declared, or as another type, throws
  // std::invalid_argument.
  bool boolean(const char* name) const { return integer(name) != 0; }
  std::int64_t integer(const char* name) const {
    std::int64_t value = 0;
    if (host_.raw()->config_integer(config_, name, &value) != 1) refuse(name, "integer");
    return value;
  }
  double number(const char* name) const {
    double value = 0;
    if (host_.raw()->config_number(config_, name, &value) != 1) refuse(name, "number");
    return value;
  }
  std::chrono::milliseconds duration(const char* name) const {
    return std::chrono::milliseconds(integer(name));
  }
  std::string text(const char* name) const {
    gantry_str value{nullptr, 0};
    if (host_.raw()->config_text(config_, name, 0, &value) != 1) refuse(name, "text");
    return std::string(detail::view(value));
  }
  std::string url(const char* name) const { return text(name); }
  std::string database(const char* name) const {
    return text(name);
  }  // a connection string: secret
  std::vector<std::string> text_list(const char* name) const {
    std::vector<std::string> values;
    gantry_str value{nullptr, 0};
    while (host_.raw()->config_text(config_, name, values.size(), &value) == 1) {
      values.emplace_back(detail::view(value));
    }
    return values;
  }

 private:
  [[noreturn]] static void refuse(const char* name, const char* type) {
    throw std::invalid_argument(std::string("the handler reads a setting '") + name + "' as " +
                                type + ", which its `options` do not declare so");
  }
  Host host_;
  const gantry_config* config_;
};

}  // namespace gantry
