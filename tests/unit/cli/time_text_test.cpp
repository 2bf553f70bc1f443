// Times as people write them.
#include "cli/time_text.hpp"

#include <gtest/gtest.h>

#include "observe/line.hpp"

namespace gantry::cli {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

const SystemTime kNow{1'800'000'000s};  // 2027-01-15T08:00:00Z

std::string parsed(const std::string& text) {
  const auto time = parse_time(text, kNow);
  return time ? observe::rfc3339(*time) : "(no time)";
}

TEST(Age, is_a_number_with_its_unit) {
  EXPECT_EQ(parse_age("90s"), 90s);
  EXPECT_EQ(parse_age("30m"), 30min);
  EXPECT_EQ(parse_age("2h"), 2h);
  EXPECT_EQ(parse_age("90d"), 90 * 24h);
  EXPECT_EQ(parse_age("0d"), 0s);
}

TEST(Age, is_nothing_else) {
  for (const char* text : {"", "d", "90", "-1d", "1.5h", "2 h", "2w", "2hh", "99999999999d"})
    EXPECT_FALSE(parse_age(text)) << text;
}

TEST(Time, is_an_age_a_day_or_an_instant) {
  EXPECT_EQ(parsed("2h"), "2027-01-15T06:00:00.000Z");
  EXPECT_EQ(parsed("2026-07-01"), "2026-07-01T00:00:00.000Z");
  EXPECT_EQ(parsed("2026-07-01T09:30:05Z"), "2026-07-01T09:30:05.000Z");
  EXPECT_EQ(parsed("2026-07-01T18:30:05.25+09:00"), "2026-07-01T09:30:05.250Z");
  EXPECT_EQ(parsed("2026-07-01T00:30:00-02:30"), "2026-07-01T03:00:00.000Z");
  EXPECT_EQ(parsed("2026-07-01T09:30:05.1234567Z"), "2026-07-01T09:30:05.123Z");
}

TEST(Time, is_nothing_else) {
  for (const char* text :
       {"", "now", "2026", "2026-13-01", "2026-02-30", "2026-07-01 09:00:00", "2026-07-01T09:00Z",
        "2026-07-01T24:00:00Z", "2026-07-01T09:00:00", "2026-07-01T09:00:00.Z",
        "2026-07-01T09:00:00Zx", "2026-07-01T09:00:00+9:00"})
    EXPECT_EQ(parsed(text), "(no time)") << text;
}

TEST(AgeText, is_in_the_largest_unit_that_fits) {
  EXPECT_EQ(age_text(67 * 24h), "67 days");
  EXPECT_EQ(age_text(24h), "1 day");
  EXPECT_EQ(age_text(36h), "36 hours");
  EXPECT_EQ(age_text(milliseconds(90'000)), "90 seconds");
}

TEST(ShortAge, is_rounded_down_to_a_unit_that_says_enough) {
  EXPECT_EQ(short_age(-1s), "0s");
  EXPECT_EQ(short_age(119s), "119s");
  EXPECT_EQ(short_age(120s), "2m");
  EXPECT_EQ(short_age(119min), "119m");
  EXPECT_EQ(short_age(47h), "47h");
  EXPECT_EQ(short_age(50h), "2d");
}

}  // namespace
}  // namespace gantry::cli
