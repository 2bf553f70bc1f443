#include "instant.hpp"

#include <gtest/gtest.h>

namespace orders {
namespace {

std::string normal(std::string_view text) {
  const auto instant = parse_instant(text);
  if (!instant) return "refused";
  std::string out;
  append_instant(*instant, out);
  return out;
}

TEST(Instant, is_read_with_any_offset_and_written_in_utc) {
  EXPECT_EQ(normal("2026-11-23T00:00:00.000Z"), "2026-11-23 00:00:00+00");
  EXPECT_EQ(normal("2026-11-23t09:30:00+09:00"), "2026-11-23 00:30:00+00");
  EXPECT_EQ(normal("2026-11-22 19:00:00-05:30"), "2026-11-23 00:30:00+00");
  EXPECT_EQ(normal("2026-11-23T00:00:00-00:00"), "2026-11-23 00:00:00+00");
}

TEST(Instant, keeps_microseconds_and_cuts_what_is_finer) {
  EXPECT_EQ(normal("2026-11-23T00:00:00.5Z"), "2026-11-23 00:00:00.500000+00");
  EXPECT_EQ(normal("2026-11-23T00:00:00.123456789Z"), "2026-11-23 00:00:00.123456+00");
  EXPECT_EQ(normal("2026-11-23T00:00:00.000001Z"), "2026-11-23 00:00:00.000001+00");
}

TEST(Instant, knows_leap_days_and_leap_seconds) {
  EXPECT_EQ(normal("2024-02-29T00:00:00Z"), "2024-02-29 00:00:00+00");
  EXPECT_EQ(normal("2026-02-29T00:00:00Z"), "refused");
  EXPECT_EQ(normal("2016-12-31T23:59:60Z"), "2017-01-01 00:00:00+00");
  EXPECT_EQ(normal("2016-12-31T23:58:60Z"), "refused");
}

TEST(Instant, stays_in_the_years_1_to_9999_utc) {
  EXPECT_EQ(normal("0001-01-01T00:00:00Z"), "0001-01-01 00:00:00+00");
  EXPECT_EQ(normal("9999-12-31T23:59:59.999999Z"), "9999-12-31 23:59:59.999999+00");
  EXPECT_EQ(normal("0001-01-01T00:00:00+00:01"), "refused");
  EXPECT_EQ(normal("9999-12-31T23:59:59-00:01"), "refused");
  EXPECT_EQ(normal("0000-12-31T00:00:00Z"), "refused");
}

TEST(Instant, without_offset_or_with_anything_else_is_refused) {
  for (const char* text :
       {"", "2026-11-23", "2026-11-23T00:00:00", "2026-11-23T00:00Z", "2026-11-23T00:00:00.Z",
        "2026-11-23T00:00:00Z ", " 2026-11-23T00:00:00Z", "2026-11-23T00:00:00+0900",
        "2026-11-23T00:00:00+24:00", "2026-11-23T24:00:00Z", "2026-11-23T00:60:00Z",
        "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z", "2026-11-31T00:00:00Z",
        "26-11-23T00:00:00Z", "2026-11-23T00:00:00.5", "+026-11-23T00:00:00Z"}) {
    EXPECT_EQ(normal(text), "refused") << text;
  }
}

}  // namespace
}  // namespace orders
