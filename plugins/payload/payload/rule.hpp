// What the fields of a JSON object may hold: a handler's own table, and the words for a value that
// breaks it. Reasons carry numbers, never texts: a text may be somebody's name. Pure functions, any
// thread.
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>

namespace payload {

enum class Kind : std::uint8_t {
  integer,   // least to most
  word,      // least to most printable ASCII characters without blanks
  currency,  // ISO 4217
  instant,   // RFC 3339 with offset
  text,      // anything
  list       // of least to most objects that keep `items`
};

inline constexpr std::int64_t largest_id = std::numeric_limits<std::int64_t>::max();
inline constexpr std::int64_t largest_amount = 1'000'000'000'000'000;

struct Rule {
  std::string_view name;
  Kind kind = Kind::text;
  std::int64_t least = 0;
  std::int64_t most = 0;
  bool required = true;
  std::span<const Rule> items{};
};

bool fits(const Rule& rule, std::int64_t value);
bool fits(const Rule& rule, std::string_view value);

// "must be an integer from 1 to 9, got 12.5"
std::string must_be(const Rule& rule, std::string_view got);
// The same for a text that does not fit, of which only the length is told.
std::string must_be_other(const Rule& rule, std::string_view value);

}  // namespace payload
