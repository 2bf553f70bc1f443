#include "plugin/settings_reader.hpp"

#include <variant>
#include <vector>

namespace gantry::plugin {

using config::OptionType;

SettingsReader::SettingsReader(const config::HandlerSpec& spec, const config::Route& route,
                               Misbehaviour& misbehaviour)
    : misbehaviour_(misbehaviour) {
  for (const config::OptionSpec& option : spec.options) {
    const auto set = route.settings.find(option.name);
    if (set != route.settings.end()) {
      entries_.emplace(option.name, Entry{option.type, set->second.value});
    }
  }
}

const gantry_config* SettingsReader::begin() {
  readable_ = true;
  return reinterpret_cast<const gantry_config*>(this);
}

const SettingsReader::Entry* SettingsReader::find(const gantry_config* config, const char* name,
                                                  const void* out) {
  if (config == nullptr || name == nullptr || out == nullptr) return nullptr;
  const auto& self = *reinterpret_cast<const SettingsReader*>(config);
  if (!self.readable_) {
    self.misbehaviour_.count("settings_read_late",
                             "settings were read outside of open() and create()");
    return nullptr;
  }
  const auto found = self.entries_.find(std::string_view(name));
  return found == self.entries_.end() ? nullptr : &found->second;
}

std::int32_t SettingsReader::config_integer(const gantry_config* config, const char* name,
                                            std::int64_t* out) {
  const Entry* entry = find(config, name, out);
  if (entry == nullptr) return 0;
  if (entry->type == OptionType::boolean) {
    const bool* flag = std::get_if<bool>(&entry->value);
    if (flag != nullptr) *out = *flag ? 1 : 0;
    return flag != nullptr ? 1 : 0;
  }
  if (entry->type != OptionType::integer && entry->type != OptionType::duration_ms) return 0;
  const auto* whole = std::get_if<std::int64_t>(&entry->value);
  if (whole != nullptr) *out = *whole;
  return whole != nullptr ? 1 : 0;
}

std::int32_t SettingsReader::config_number(const gantry_config* config, const char* name,
                                           double* out) {
  const Entry* entry = find(config, name, out);
  if (entry == nullptr) return 0;
  if (entry->type != OptionType::number && entry->type != OptionType::integer) return 0;
  if (const auto* whole = std::get_if<std::int64_t>(&entry->value)) {
    *out = static_cast<double>(*whole);
    return 1;
  }
  const auto* real = std::get_if<double>(&entry->value);
  if (real != nullptr) *out = *real;
  return real != nullptr ? 1 : 0;
}

std::int32_t SettingsReader::config_text(const gantry_config* config, const char* name,
                                         std::size_t index, gantry_str* out) {
  const Entry* entry = find(config, name, out);
  if (entry == nullptr) return 0;
  if (const auto* list = std::get_if<std::vector<std::string>>(&entry->value)) {
    if (index >= list->size()) return 0;
    *out = {(*list)[index].data(), (*list)[index].size()};
    return 1;
  }
  const auto* text = std::get_if<std::string>(&entry->value);
  if (text == nullptr || index > 0) return 0;
  *out = {text->data(), text->size()};
  return 1;
}

}  // namespace gantry::plugin
