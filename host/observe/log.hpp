// The log: one event a line, text or JSON, through spdlog. Any thread. Never payloads, never
// secrets.
//   log::info("route", "partition assigned", {{"route", name}, {"topic", topic}, {"partition",
//   3}});
#pragma once

#include <concepts>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <variant>

namespace gantry::log {

enum class Level { debug, info, warning, error };
enum class Format { text, json };

struct Field {
  std::string_view name;
  std::variant<std::string, std::int64_t, double, bool> value;
  Field(std::string_view n, std::string_view v) : name(n), value(std::string(v)) {}
  Field(std::string_view n, const std::string& v) : name(n), value(v) {}
  Field(std::string_view n, const char* v) : name(n), value(std::string(v)) {}
  Field(std::string_view n, bool v) : name(n), value(v) {}
  Field(std::string_view n, double v) : name(n), value(v) {}
  template <std::integral T>
  Field(std::string_view n, T v) : name(n), value(static_cast<std::int64_t>(v)) {}
};
using Fields = std::initializer_list<Field>;

using Levels = std::map<std::string, Level, std::less<>>;  // by component

// Before threads start, and again when the configuration changes. Lines go to standard error. Until
// then: text at info. levels: of single components, over `level`.
void configure(Format format, Level level, Levels levels = {});
void flush();

// component: the room that speaks ("route", "kafka", "plugin"), one of config's kLogComponents.
// message: a constant sentence; what
// varies is a field.
void write(Level level, std::string_view component, std::string_view message,
           std::span<const Field> fields);
inline void write(Level level, std::string_view component, std::string_view message,
                  Fields fields = {}) {
  write(level, component, message, std::span<const Field>{fields.begin(), fields.size()});
}

inline void debug(std::string_view c, std::string_view m, Fields f = {}) {
  write(Level::debug, c, m, f);
}
inline void info(std::string_view c, std::string_view m, Fields f = {}) {
  write(Level::info, c, m, f);
}
inline void warning(std::string_view c, std::string_view m, Fields f = {}) {
  write(Level::warning, c, m, f);
}
inline void error(std::string_view c, std::string_view m, Fields f = {}) {
  write(Level::error, c, m, f);
}

}  // namespace gantry::log
