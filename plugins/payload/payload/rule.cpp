#include "payload/rule.hpp"

#include <algorithm>

#include "currency.hpp"
#include "instant.hpp"

namespace payload {
namespace {

// Written out and not by <cctype>, which depends on the locale.
bool is_printable(char c) { return c > ' ' && c <= '~'; }

bool has_length(const Rule& rule, std::string_view value) {
  const auto size = static_cast<std::int64_t>(value.size());
  return size >= rule.least && size <= rule.most;
}

std::string wanted(const Rule& rule) {
  const std::string range = std::to_string(rule.least) + " to " + std::to_string(rule.most);
  switch (rule.kind) {
    case Kind::integer:
      return "an integer from " + range;
    case Kind::word:
      return "text of " + range + " printable ASCII characters without blanks";
    case Kind::currency:
      return "the ISO 4217 code of an active currency, in capitals";
    case Kind::instant:
      return "an RFC 3339 instant with offset in the years 1 to 9999";
    case Kind::text:
      return "text";
    case Kind::list:
      return "an array of " + range + " items";
  }
  return {};
}

}  // namespace

bool fits(const Rule& rule, std::int64_t value) {
  return rule.kind == Kind::integer && value >= rule.least && value <= rule.most;
}

bool fits(const Rule& rule, std::string_view value) {
  switch (rule.kind) {
    case Kind::word:
      return has_length(rule, value) && std::all_of(value.begin(), value.end(), is_printable);
    case Kind::currency:
      return orders::is_currency(value);
    case Kind::instant:
      return orders::parse_instant(value).has_value();
    case Kind::text:
      return true;
    case Kind::integer:
    case Kind::list:
      return false;
  }
  return false;
}

std::string must_be(const Rule& rule, std::string_view got) {
  return "must be " + wanted(rule) + ", got " + std::string(got);
}

std::string must_be_other(const Rule& rule, std::string_view value) {
  if (rule.kind == Kind::integer || rule.kind == Kind::list) return must_be(rule, "text");
  if (rule.kind == Kind::word && !has_length(rule, value)) {
    return must_be(rule, "text of " + std::to_string(value.size()));
  }
  return must_be(rule, "other text");
}

}  // namespace payload
