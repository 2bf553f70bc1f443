// One declared option or output, and the builders that options.hpp gives out: integer("…",
// "…").between(1, 9).fallback(3). Compile time only: what is wrong meets a `throw`, which does not
// compile.
#pragma once

#include <gantry/abi.h>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace gantry::detail {

constexpr bool is_name(std::string_view text, char extra) {
  if (text.empty() || text.size() > 100) return false;
  for (const char c : text) {
    if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == extra)) return false;
  }
  return true;
}

inline constexpr std::size_t max_fallback_texts = 16;

struct Option {
  enum class Limits { none, whole, real, texts };
  const char* name = nullptr;
  const char* help = nullptr;
  std::uint32_t type = 0;
  std::uint32_t flags = 0;
  bool has_fallback = false;
  std::int64_t whole = 0;  // the fallback of BOOL, INTEGER, DURATION_MS
  double real = 0;         // of NUMBER
  std::array<const char*, max_fallback_texts> texts{};  // of TEXT, URL, DATABASE at 0; TEXT_LIST
  std::size_t text_count = 0;
  Limits limits = Limits::none;
  std::int64_t least = 0, most = 0;
  double least_real = 0, most_real = 0;
  const char* allowed = nullptr;

  constexpr bool fallback_is_allowed() const {
    if (!has_fallback || limits == Limits::none) return true;
    if (limits == Limits::whole) return least <= whole && whole <= most;
    if (limits == Limits::real) return least_real <= real && real <= most_real;
    std::string_view rest = allowed;
    const std::string_view wanted = texts[0];
    while (true) {
      const std::size_t bar = rest.find('|');
      if (rest.substr(0, bar) == wanted) return true;
      if (bar == std::string_view::npos) return false;
      rest.remove_prefix(bar + 1);
    }
  }
};

constexpr Option declare(const char* name, const char* help, std::uint32_t type) {
  if (!is_name(name, '_')) throw "an option's name is lower case letters, digits and _";
  Option option;
  option.name = name;
  option.help = help;
  option.type = type;
  return option;
}

struct BooleanOption : Option {
  constexpr BooleanOption fallback(bool value) const {
    BooleanOption copy = *this;
    copy.whole = value ? 1 : 0;
    copy.has_fallback = true;
    return copy;
  }
};

struct IntegerOption : Option {
  constexpr IntegerOption between(std::int64_t lowest, std::int64_t highest) const {
    if (lowest > highest) throw "between(): the first limit is above the second";
    IntegerOption copy = *this;
    copy.limits = Limits::whole;
    copy.least = lowest;
    copy.most = highest;
    return copy;
  }
  constexpr IntegerOption fallback(std::int64_t value) const {
    IntegerOption copy = *this;
    copy.whole = value;
    copy.has_fallback = true;
    return copy;
  }
};

struct DurationOption : Option {
  constexpr DurationOption between(std::chrono::milliseconds lowest,
                                   std::chrono::milliseconds highest) const {
    if (lowest > highest || lowest.count() < 0)
      throw "between(): durations from low to high, from 0";
    DurationOption copy = *this;
    copy.limits = Limits::whole;
    copy.least = lowest.count();
    copy.most = highest.count();
    return copy;
  }
  constexpr DurationOption fallback(std::chrono::milliseconds value) const {
    if (value.count() < 0) throw "a duration is not negative";
    DurationOption copy = *this;
    copy.whole = value.count();
    copy.has_fallback = true;
    return copy;
  }
};

struct NumberOption : Option {
  constexpr NumberOption between(double lowest, double highest) const {
    if (!(lowest <= highest)) throw "between(): the first limit is above the second";
    NumberOption copy = *this;
    copy.limits = Limits::real;
    copy.least_real = lowest;
    copy.most_real = highest;
    return copy;
  }
  constexpr NumberOption fallback(double value) const {
    NumberOption copy = *this;
    copy.real = value;
    copy.has_fallback = true;
    return copy;
  }
};

struct TextOption : Option {
  constexpr TextOption one_of(const char* choices) const {  // "GET|POST"
    if (type != GANTRY_TEXT) throw "one_of() is for text options";
    TextOption copy = *this;
    copy.limits = Limits::texts;
    copy.allowed = choices;
    return copy;
  }
  constexpr TextOption fallback(const char* value) const {
    TextOption copy = *this;
    copy.texts[0] = value;
    copy.text_count = 1;
    copy.has_fallback = true;
    return copy;
  }
  constexpr TextOption secret() const {  // never logged, never in a dump
    TextOption copy = *this;
    copy.flags |= GANTRY_SECRET;
    return copy;
  }
};

struct TextListOption : Option {
  template <class... Text>
  constexpr TextListOption fallback(Text... values) const {
    static_assert(sizeof...(values) <= max_fallback_texts, "at most 16 texts in a fallback");
    TextListOption copy = *this;
    copy.texts = {static_cast<const char*>(values)...};
    copy.text_count = sizeof...(values);
    copy.has_fallback = true;
    return copy;
  }
};

struct Output {
  const char* name = nullptr;
  const char* help = nullptr;
  const char* key = "bytes";
  bool is_required = true;

  // The default of the route's key_format: "bytes", "text" (as given), "int64" (decimal text
  // becomes 8 bytes, big-endian, as Java's LongSerializer writes it).
  constexpr Output key_format(const char* format) const {
    const std::string_view f = format;
    if (f != "bytes" && f != "text" && f != "int64") throw "key_format is bytes, text or int64";
    Output copy = *this;
    copy.key = format;
    return copy;
  }
  constexpr Output optional() const {  // a route need not bind it
    Output copy = *this;
    copy.is_required = false;
    return copy;
  }
};

template <class T, std::size_t N>
constexpr void refuse_repeated_names(const std::array<T, N>& all) {
  for (std::size_t i = 0; i < N; ++i) {
    for (std::size_t j = i + 1; j < N; ++j) {
      if (std::string_view(all[i].name) == all[j].name) throw "the same name twice";
    }
  }
}

}  // namespace gantry::detail
