#include "instant.hpp"

#include <chrono>

namespace orders {
namespace {

using std::chrono::days;
using std::chrono::floor;
using std::chrono::hours;
using std::chrono::microseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using std::chrono::sys_days;
using std::chrono::year_month_day;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Takes from the front of what is left, and fails once and for all.
class Cursor {
 public:
  explicit Cursor(std::string_view text) : rest_{text} {}

  int number(std::size_t digits) {
    if (rest_.size() < digits) return fail();
    int value = 0;
    for (std::size_t i = 0; i < digits; ++i) {
      if (!is_digit(rest_[i])) return fail();
      value = value * 10 + (rest_[i] - '0');
    }
    rest_.remove_prefix(digits);
    return value;
  }

  char one_of(std::string_view allowed) {
    if (rest_.empty() || allowed.find(rest_.front()) == std::string_view::npos) {
      fail();
      return '\0';
    }
    const char taken = rest_.front();
    rest_.remove_prefix(1);
    return taken;
  }

  bool next_is(char c) const { return !rest_.empty() && rest_.front() == c; }
  bool next_is_digit() const { return !rest_.empty() && is_digit(rest_.front()); }
  bool at_end() const { return rest_.empty(); }
  bool failed() const { return failed_; }

 private:
  int fail() {
    failed_ = true;
    return 0;
  }

  std::string_view rest_;
  bool failed_ = false;
};

microseconds fraction(Cursor& at) {
  if (!at.next_is('.')) return microseconds{0};
  at.one_of(".");
  microseconds value{0};
  microseconds unit{100'000};
  do {
    value += at.number(1) * unit;
    unit /= 10;  // 0 beyond microseconds: read and cut
  } while (!at.failed() && at.next_is_digit());
  return value;
}

std::optional<minutes> offset(Cursor& at) {
  const char sign = at.one_of("Zz+-");
  if (sign == 'Z' || sign == 'z' || at.failed()) return minutes{0};
  const int hour = at.number(2);
  at.one_of(":");
  const int minute = at.number(2);
  if (hour > 23 || minute > 59) return std::nullopt;
  const minutes ahead = hours{hour} + minutes{minute};
  return sign == '-' ? -ahead : ahead;
}

void append_digits(std::string& out, unsigned value, int width) {
  char digits[8];
  for (int i = width; i-- > 0; value /= 10) digits[i] = static_cast<char>('0' + value % 10);
  out.append(digits, static_cast<std::size_t>(width));
}

}  // namespace

std::optional<Instant> parse_instant(std::string_view text) {
  Cursor at{text};
  const int year = at.number(4);
  at.one_of("-");
  const int month = at.number(2);
  at.one_of("-");
  const int day = at.number(2);
  at.one_of("Tt ");
  const int hour = at.number(2);
  at.one_of(":");
  const int minute = at.number(2);
  at.one_of(":");
  const int second = at.number(2);
  const microseconds part = fraction(at);
  const auto ahead = offset(at);
  if (at.failed() || !at.at_end() || !ahead) return std::nullopt;

  const year_month_day date{std::chrono::year{year},
                            std::chrono::month{static_cast<unsigned>(month)},
                            std::chrono::day{static_cast<unsigned>(day)}};
  const bool leap_second = second == 60 && minute == 59;
  if (!date.ok() || hour > 23 || minute > 59 || (second > 59 && !leap_second)) return std::nullopt;
  const Instant local = sys_days{date} + hours{hour} + minutes{minute} + seconds{second} + part;
  const Instant instant = local - *ahead;
  static constexpr Instant first = sys_days{std::chrono::year{1} / 1 / 1};
  static constexpr Instant end = sys_days{std::chrono::year{10000} / 1 / 1};
  if (instant < first || instant >= end) return std::nullopt;
  return instant;
}

void append_instant(Instant instant, std::string& out) {
  const auto day = floor<days>(instant);
  const year_month_day date{day};
  const std::chrono::hh_mm_ss<microseconds> time{instant - day};
  append_digits(out, static_cast<unsigned>(static_cast<int>(date.year())), 4);
  out += '-';
  append_digits(out, static_cast<unsigned>(date.month()), 2);
  out += '-';
  append_digits(out, static_cast<unsigned>(date.day()), 2);
  out += ' ';
  append_digits(out, static_cast<unsigned>(time.hours().count()), 2);
  out += ':';
  append_digits(out, static_cast<unsigned>(time.minutes().count()), 2);
  out += ':';
  append_digits(out, static_cast<unsigned>(time.seconds().count()), 2);
  if (time.subseconds().count() != 0) {
    out += '.';
    append_digits(out, static_cast<unsigned>(time.subseconds().count()), 6);
  }
  out += "+00";
}

}  // namespace orders
