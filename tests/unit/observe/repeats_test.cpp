#include "observe/repeats.hpp"

#include <gtest/gtest.h>

namespace gantry::observe {
namespace {

using std::chrono::seconds;
const Repeats::Clock::time_point start{seconds{1000}};
const LineKind kind{"kafka", "broker lost", "alert"};

void fill_window(Repeats& repeats, const LineKind& which) {
  for (std::uint64_t i = 0; i < Repeats::lines_a_window; ++i) {
    ASSERT_TRUE(repeats.admit(which, log::Level::info, start));
  }
}

TEST(Repeats, leaves_out_what_exceeds_a_window) {
  Repeats repeats;
  fill_window(repeats, kind);
  EXPECT_FALSE(repeats.admit(kind, log::Level::info, start));
}

TEST(Repeats, limits_each_kind_on_its_own) {
  Repeats repeats;
  fill_window(repeats, kind);
  EXPECT_TRUE(repeats.admit({"kafka", "broker lost", "other"}, log::Level::info, start));
  EXPECT_TRUE(repeats.admit({"kafka", "broker back", "alert"}, log::Level::info, start));
  EXPECT_TRUE(repeats.admit({"route", "broker lost", "alert"}, log::Level::info, start));
}

TEST(Repeats, tells_how_many_were_left_out_when_the_window_is_over) {
  Repeats repeats;
  fill_window(repeats, kind);
  repeats.admit(kind, log::Level::error, start);
  repeats.admit(kind, log::Level::info, start);
  EXPECT_TRUE(repeats.collect(start + seconds(5), false).empty());
  const auto left_out = repeats.collect(start + Repeats::window, false);
  ASSERT_EQ(left_out.size(), 1u);
  EXPECT_EQ(left_out[0].kind, kind);
  EXPECT_EQ(left_out[0].lines, 2u);
  EXPECT_EQ(left_out[0].level, log::Level::error);
}

TEST(Repeats, tells_each_count_once) {
  Repeats repeats;
  fill_window(repeats, kind);
  repeats.admit(kind, log::Level::info, start);
  EXPECT_EQ(repeats.collect(start + seconds(1), true).size(), 1u);
  EXPECT_TRUE(repeats.collect(start + Repeats::window, true).empty());
}

TEST(Repeats, admits_again_in_the_next_window) {
  Repeats repeats;
  fill_window(repeats, kind);
  repeats.admit(kind, log::Level::info, start);
  repeats.collect(start + Repeats::window, false);
  EXPECT_TRUE(repeats.admit(kind, log::Level::info, start + Repeats::window));
}

TEST(Repeats, bounds_messages_that_always_differ) {
  Repeats repeats;
  std::uint64_t admitted = 0;
  for (int i = 0; i < 10000; ++i) {
    admitted += repeats.admit({"plugin", "line " + std::to_string(i), ""}, log::Level::info, start);
  }
  EXPECT_EQ(admitted, Repeats::kinds_at_most + Repeats::lines_a_window);
}

}  // namespace
}  // namespace gantry::observe
