#include "field.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <limits>

#include "currency.hpp"
#include "instant.hpp"

namespace orders {
namespace {

enum class Kind { integer, word, capitals, currency, instant, type, array };

struct Rule {
  std::string_view name;
  Kind kind;
  std::int64_t least;  // of an integer its value, of a text its length
  std::int64_t most;
};

constexpr std::int64_t largest_id = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t largest_amount = 1'000'000'000'000'000;

constexpr std::array rules{
    Rule{"eventId", Kind::word, 1, 100},
    Rule{"type", Kind::type, 0, 0},
    Rule{"orderId", Kind::integer, 1, largest_id},
    Rule{"userId", Kind::integer, 1, largest_id},
    Rule{"amount", Kind::integer, 1, largest_amount},
    Rule{"currency", Kind::currency, 3, 3},
    Rule{"status", Kind::capitals, 1, 32},
    Rule{"items", Kind::array, 0, 1000},
    Rule{"occurredAt", Kind::instant, 0, 0},
    Rule{"sku", Kind::word, 1, 100},
    Rule{"qty", Kind::integer, 1, 1'000'000},
    Rule{"price", Kind::integer, 0, largest_amount},
};
static_assert(rules.size() == static_cast<std::size_t>(Field::unknown));

const Rule& rule_of(Field field) { return rules[static_cast<std::size_t>(field)]; }

Field find(std::string_view name, Field first, Field end) {
  for (auto i = static_cast<std::size_t>(first); i < static_cast<std::size_t>(end); ++i) {
    if (rules[i].name == name) return static_cast<Field>(i);
  }
  return Field::unknown;
}

// Written out and not by <cctype>, which depends on the locale and knows no UTF-8.
bool is_printable(char c) { return c > ' ' && c <= '~'; }
bool is_capital(char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; }

bool fits(const Rule& rule, std::string_view text) {
  const auto size = static_cast<std::int64_t>(text.size());
  const bool length_fits = size >= rule.least && size <= rule.most;
  switch (rule.kind) {
    case Kind::word:
      return length_fits && std::all_of(text.begin(), text.end(), is_printable);
    case Kind::capitals:
      return length_fits && std::all_of(text.begin(), text.end(), is_capital);
    case Kind::currency:
      return is_currency(text);
    case Kind::instant:
      return parse_instant(text).has_value();
    case Kind::type:
      return true;  // another type is another matter, not a mistake
    case Kind::integer:
    case Kind::array:
      return false;
  }
  return false;
}

std::string wanted(const Rule& rule) {
  const std::string range = std::to_string(rule.least) + " to " + std::to_string(rule.most);
  switch (rule.kind) {
    case Kind::integer:
      return "an integer from " + range;
    case Kind::word:
      return "text of " + range + " printable ASCII characters without blanks";
    case Kind::capitals:
      return "text of " + range + " capital letters, digits and _";
    case Kind::currency:
      return "the ISO 4217 code of an active currency, in capitals";
    case Kind::instant:
      return "an RFC 3339 instant with offset in the years 1 to 9999";
    case Kind::type:
      return "text";
    case Kind::array:
      return "an array of " + range + " items";
  }
  return {};
}

}  // namespace

Field event_field(std::string_view name) { return find(name, Field::event_id, Field::sku); }
Field item_field(std::string_view name) { return find(name, Field::sku, Field::unknown); }

std::string_view name_of(Field field) {
  return field == Field::unknown ? std::string_view{} : rule_of(field).name;
}

bool check_integer(Field field, std::int64_t value, std::string_view as_written,
                   std::string& reason) {
  const Rule& rule = rule_of(field);
  if (rule.kind == Kind::integer && value >= rule.least && value <= rule.most) return true;
  reason = must_be(field, as_written);
  return false;
}

bool check_text(Field field, std::string_view value, std::string& reason) {
  const Rule& rule = rule_of(field);
  if (fits(rule, value)) return true;
  const auto size = static_cast<std::int64_t>(value.size());
  const bool has_length = rule.kind == Kind::word || rule.kind == Kind::capitals;
  if (has_length && (size < rule.least || size > rule.most)) {
    reason = must_be(field, "text of " + std::to_string(size));
  } else {
    reason = must_be(
        field, rule.kind == Kind::integer || rule.kind == Kind::array ? "text" : "other text");
  }
  return false;
}

std::string must_be(Field field, std::string_view got) {
  return "must be " + wanted(rule_of(field)) + ", got " + std::string(got);
}

}  // namespace orders
