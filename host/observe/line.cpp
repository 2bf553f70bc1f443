#include "observe/line.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <ctime>

#include "observe/escape.hpp"

namespace gantry::observe {
namespace {

std::string number(double value) {
  char digits[32];
  const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
  return {digits, end};
}

bool needs_quotes(std::string_view text) {
  return text.empty() || std::any_of(text.begin(), text.end(), [](char c) {
           const auto byte = static_cast<unsigned char>(c);
           return byte <= ' ' || byte == 0x7F || c == '"' || c == '=' || c == '\\';
         });
}

struct TextValue {
  std::string operator()(const std::string& text) const {
    std::string out;
    append_escaped(out, text);
    return needs_quotes(text) || out.size() != text.size() ? '"' + out + '"' : out;
  }
  std::string operator()(std::int64_t value) const { return std::to_string(value); }
  std::string operator()(double value) const { return number(value); }
  std::string operator()(bool value) const { return value ? "true" : "false"; }
};

struct JsonValue : TextValue {
  using TextValue::operator();
  std::string operator()(const std::string& text) const { return json_string(text); }
  // JSON has no NaN and no infinity; as text the value survives.
  std::string operator()(double value) const {
    return std::isfinite(value) ? number(value) : '"' + number(value) + '"';
  }
};

std::string_view padded_level(log::Level level) {
  switch (level) {
    case log::Level::debug:
      return "DEBUG";
    case log::Level::info:
      return "INFO ";
    case log::Level::warning:
      return "WARN ";
    case log::Level::error:
      return "ERROR";
  }
  return "ERROR";
}

bool name_taken(std::span<const log::Field> earlier, std::string_view name) {
  return name == "time" || name == "level" || name == "component" || name == "message" ||
         std::any_of(earlier.begin(), earlier.end(),
                     [&](const log::Field& field) { return field.name == name; });
}

}  // namespace

std::string_view level_name(log::Level level) {
  switch (level) {
    case log::Level::debug:
      return "debug";
    case log::Level::info:
      return "info";
    case log::Level::warning:
      return "warning";
    case log::Level::error:
      return "error";
  }
  return "error";
}

std::string rfc3339(std::chrono::system_clock::time_point time) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
  const auto millis = std::chrono::floor<std::chrono::milliseconds>(time - seconds).count();
  const std::time_t whole = std::chrono::system_clock::to_time_t(seconds);
  std::tm utc{};
  gmtime_r(&whole, &utc);
  char date[32];
  const std::size_t size = std::strftime(date, sizeof date, "%Y-%m-%dT%H:%M:%S", &utc);
  char fraction[8];
  std::snprintf(fraction, sizeof fraction, ".%03uZ", static_cast<unsigned>(millis) % 1000);
  return std::string(date, size) + fraction;
}

std::string text_line(const Event& event) {
  std::string line = rfc3339(event.time);
  line += ' ';
  line += padded_level(event.level);
  line += ' ';
  append_escaped(line, event.component, false);
  line += "  ";
  append_escaped(line, event.message, false);
  const char* separator = "  ";
  for (const log::Field& field : event.fields) {
    line += separator;
    append_escaped(line, field.name, false);
    line += '=';
    line += std::visit(TextValue{}, field.value);
    separator = " ";
  }
  return line;
}

std::string json_line(const Event& event) {
  std::string line = "{\"time\":" + json_string(rfc3339(event.time));
  line += ",\"level\":" + json_string(level_name(event.level));
  line += ",\"component\":" + json_string(event.component);
  line += ",\"message\":" + json_string(event.message);
  for (std::size_t i = 0; i < event.fields.size(); ++i) {
    const log::Field& field = event.fields[i];
    std::string name = name_taken(event.fields.first(i), field.name) ? "field." : "";
    name += field.name;
    line += ',' + json_string(name) + ':' + std::visit(JsonValue{}, field.value);
  }
  line += '}';
  return line;
}

}  // namespace gantry::observe
