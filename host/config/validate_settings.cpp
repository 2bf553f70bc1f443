// A route's settings against its handler's options: types, ranges, choices, defaults, databases.
#include <toml++/toml.h>

#include <algorithm>

#include "config/nearest.hpp"
#include "config/option_value.hpp"
#include "config/validations.hpp"

namespace gantry::config {
namespace {

// The default is TOML text from the library's own constant data.
std::optional<SettingValue> parse_fallback(const std::string& text) {
  try {
    const toml::table table = toml::parse("value = " + text);
    const toml::node* node = table.get("value");
    if (const auto* boolean = node->as_boolean()) return SettingValue(boolean->get());
    if (const auto* integer = node->as_integer()) return SettingValue(integer->get());
    if (const auto* number = node->as_floating_point()) return SettingValue(number->get());
    if (const auto* string = node->as_string()) return SettingValue(string->get());
    const toml::array* array = node->as_array();
    if (array == nullptr) return std::nullopt;
    std::vector<std::string> values;
    for (const toml::node& element : *array) {
      const auto value = element.value_exact<std::string>();
      if (!value) return std::nullopt;
      values.push_back(*value);
    }
    return SettingValue(std::move(values));
  } catch (const toml::parse_error&) {
    return std::nullopt;
  }
}

void put_in_database(const Config& config, Setting& setting, Problems& problems) {
  const std::string name = std::get<std::string>(setting.value);
  const auto found = config.databases.find(name);
  if (found == config.databases.end()) {
    std::vector<std::string> names;
    for (const auto& [known, database] : config.databases) names.push_back(known);
    problems.push_back({setting.origin, "there is no [database." + name + "]",
                        names.empty() ? "write [database." + name + "] with its dsn in gantry.toml"
                                      : suggestion(name, names)});
    return;
  }
  setting.database = name;
  setting.value = found->second.dsn;
  setting.secret = true;
}

void resolve(const Config& config, const HandlerSpec& handler, const OptionSpec& option,
             Route& route, Problems& problems) {
  auto found = route.settings.find(option.name);
  const bool written = found != route.settings.end();
  if (!written) {
    const Origin where = at(config, route, "settings." + option.name);
    if (!option.fallback) {
      problems.push_back(
          {where, "is missing: handler \"" + handler.id + "\" needs it (" + option.help + ")",
           "write settings = { " + option.name + " = " + example_of(option) + " }"});
      return;
    }
    const auto value = parse_fallback(*option.fallback);
    if (!value) {
      problems.push_back({where,
                          "the default that handler \"" + handler.id + "\" declares, " +
                              *option.fallback + ", is not TOML",
                          "write a value of your own, and tell the plugin's author"});
      return;
    }
    found = route.settings.emplace(option.name, Setting{*value, false, {}, where}).first;
  }
  Setting& setting = found->second;
  setting.secret = setting.secret || option.secret;
  if (const auto refusal = fit(option, setting)) {
    problems.push_back(
        {setting.origin,
         written ? refusal->message : "the handler's own default does not fit: " + refusal->message,
         refusal->remedy});
    return;
  }
  if (option.type == OptionType::database) put_in_database(config, setting, problems);
}

}  // namespace

void resolve_settings(const Config& config, const HandlerSpec& handler, Route& route,
                      Problems& problems) {
  std::vector<std::string> names;
  for (const OptionSpec& option : handler.options) names.push_back(option.name);
  for (const auto& [name, setting] : route.settings) {
    if (std::find(names.begin(), names.end(), name) == names.end()) {
      problems.push_back({setting.origin, "handler \"" + handler.id + "\" has no such setting",
                          suggestion(name, names)});
    }
  }
  for (const OptionSpec& option : handler.options) {
    resolve(config, handler, option, route, problems);
  }
}

}  // namespace gantry::config
