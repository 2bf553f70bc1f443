#include "cli/time_text.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>

namespace gantry::cli {
namespace {

using namespace std::chrono;

// Takes `digits` decimal digits off the front. nullopt: they are not there.
std::optional<int> take_number(std::string_view& text, std::size_t digits) {
  if (text.size() < digits) return std::nullopt;
  int value = 0;
  for (std::size_t i = 0; i < digits; ++i) {
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
    value = value * 10 + (text[i] - '0');
  }
  text.remove_prefix(digits);
  return value;
}

bool take(std::string_view& text, char c) {
  if (!text.starts_with(c)) return false;
  text.remove_prefix(1);
  return true;
}

std::optional<sys_days> take_day(std::string_view& text) {
  const auto year_number = take_number(text, 4);
  if (!year_number || !take(text, '-')) return std::nullopt;
  const auto month_number = take_number(text, 2);
  if (!month_number || !take(text, '-')) return std::nullopt;
  const auto day_number = take_number(text, 2);
  if (!day_number) return std::nullopt;
  const year_month_day date{year(*year_number), month(static_cast<unsigned>(*month_number)),
                            day(static_cast<unsigned>(*day_number))};
  return date.ok() ? std::optional(sys_days(date)) : std::nullopt;
}

std::optional<minutes> take_hour_and_minute(std::string_view& text) {
  const auto hour = take_number(text, 2);
  if (!hour || *hour > 23 || !take(text, ':')) return std::nullopt;
  const auto minute = take_number(text, 2);
  if (!minute || *minute > 59) return std::nullopt;
  return hours(*hour) + minutes(*minute);
}

std::optional<minutes> take_offset(std::string_view& text) {
  if (take(text, 'Z') || take(text, 'z')) return minutes(0);
  const bool west = text.starts_with('-');
  if (!take(text, west ? '-' : '+')) return std::nullopt;
  const auto offset = take_hour_and_minute(text);
  if (!offset) return std::nullopt;
  return west ? -*offset : *offset;
}

std::optional<SystemTime> take_instant(std::string_view& text, sys_days day) {
  const auto minute = take_hour_and_minute(text);
  if (!minute || !take(text, ':')) return std::nullopt;
  const auto second = take_number(text, 2);
  if (!second || *second > 60) return std::nullopt;
  milliseconds fraction{0};
  if (take(text, '.')) {
    int unit = 100;
    bool any = false;
    for (; !text.empty() && text[0] >= '0' && text[0] <= '9'; text.remove_prefix(1), unit /= 10) {
      fraction += milliseconds((text[0] - '0') * unit);
      any = true;
    }
    if (!any) return std::nullopt;
  }
  const auto offset = take_offset(text);
  if (!offset) return std::nullopt;
  return day + *minute + seconds(*second) + fraction - *offset;
}

}  // namespace

std::optional<milliseconds> parse_age(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const std::string_view unit = text.substr(static_cast<std::size_t>(end - text.data()));
  constexpr std::int64_t kMost = 100'000;  // days: what a clock of nanoseconds still holds
  if (error != std::errc() || number < 0 || number > kMost * 86'400) return std::nullopt;
  if (unit == "s") return seconds(number);
  if (unit == "m" && number <= kMost * 1'440) return minutes(number);
  if (unit == "h" && number <= kMost * 24) return hours(number);
  if (unit == "d" && number <= kMost) return days(number);
  return std::nullopt;
}

std::optional<SystemTime> parse_time(std::string_view text, SystemTime now) {
  if (const auto age = parse_age(text)) return now - *age;
  const auto day = take_day(text);
  if (!day) return std::nullopt;
  if (text.empty()) return *day;
  if (!take(text, 'T') && !take(text, 't')) return std::nullopt;
  const auto instant = take_instant(text, *day);
  return text.empty() ? instant : std::nullopt;
}

std::string short_age(milliseconds age) {
  if (age >= days(2)) return std::to_string(age / days(1)) + "d";
  if (age >= hours(2)) return std::to_string(age / hours(1)) + "h";
  if (age >= minutes(2)) return std::to_string(age / minutes(1)) + "m";
  return std::to_string(std::max<std::int64_t>(age / seconds(1), 0)) + "s";
}

std::string age_text(milliseconds age) {
  const auto in = [&](auto unit, const char* name) {
    return std::to_string(age / unit) + ' ' + name + (age / unit == 1 ? "" : "s");
  };
  if (age % days(1) == 0ms) return in(days(1), "day");
  if (age % hours(1) == 0ms) return in(hours(1), "hour");
  return in(seconds(1), "second");
}

}  // namespace gantry::cli
