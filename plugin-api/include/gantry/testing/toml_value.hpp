// Reads the default of an option, which the schema gives as a TOML value. Pure; errors are
// std::invalid_argument.
#pragma once

#include <charconv>
#include <cstdint>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace gantry::testing {

using Setting = std::variant<bool, std::int64_t, double, std::string, std::vector<std::string>>;

// Reads what gantry_option.fallback may hold: a TOML boolean, integer, float, string, or array of
// strings.
class FallbackReader {
 public:
  explicit FallbackReader(std::string_view text) : rest_(text) {}

  Setting read() {
    skip_space();
    Setting value = at('[') ? Setting(list()) : at('"') || at('\'') ? Setting(quoted()) : bare();
    skip_space();
    if (!rest_.empty()) fail();
    return value;
  }

 private:
  bool at(char c) const { return !rest_.empty() && rest_.front() == c; }
  void skip_space() {
    while (at(' ') || at('\t')) rest_.remove_prefix(1);
  }
  [[noreturn]] static void fail() { throw std::invalid_argument("is not a TOML value"); }

  std::vector<std::string> list() {
    std::vector<std::string> values;
    rest_.remove_prefix(1);
    for (skip_space(); !at(']'); skip_space()) {
      if (!at('"') && !at('\'')) fail();
      values.push_back(quoted());
      skip_space();
      if (at(',')) rest_.remove_prefix(1);
    }
    rest_.remove_prefix(1);
    return values;
  }

  std::string quoted() {
    const char quote = rest_.front();
    rest_.remove_prefix(1);
    std::string text;
    while (!at(quote)) {
      if (rest_.empty()) fail();
      const char c = rest_.front();
      rest_.remove_prefix(1);
      text += c == '\\' && quote == '"' ? escaped() : c;
    }
    rest_.remove_prefix(1);
    return text;
  }

  char escaped() {
    if (rest_.empty()) fail();
    const char c = rest_.front();
    rest_.remove_prefix(1);
    static constexpr std::string_view from = "\"\\btnfr", to = "\"\\\b\t\n\f\r";
    if (const auto i = from.find(c); i != std::string_view::npos) return to[i];
    unsigned code = 0;  // what the SDK writes for control characters
    if (c != 'u' || rest_.size() < 4 ||
        std::from_chars(rest_.data(), rest_.data() + 4, code, 16).ptr != rest_.data() + 4 ||
        code > 0x7F) {
      fail();
    }
    rest_.remove_prefix(4);
    return static_cast<char>(code);
  }

  Setting bare() {
    const std::string text(std::exchange(rest_, {}));
    if (text == "true" || text == "false") return text == "true";
    std::int64_t whole = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), whole);
    if (error == std::errc() && end == text.data() + text.size()) return whole;
    char* stop = nullptr;
    const double real = std::strtod(text.c_str(), &stop);
    if (text.empty() || *stop != '\0') fail();
    return real;
  }

  std::string_view rest_;
};

}  // namespace gantry::testing
