// What `gantry top` shows, and how it fits into a terminal.
#include "cli/top_text.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/terminal.hpp"

namespace gantry::cli {
namespace {

HostView view(const std::string& time, std::uint64_t ok) {
  RouteView route;
  route.name = "alert";
  route.ready = true;
  route.state = "running";
  route.since = "2026-11-28T11:00:00.000Z";
  route.lag = 3;
  route.counts.ok = ok;
  route.rates = RouteRates{.ok = 99};
  return {"one", time, {route}};
}

TEST(TopText, shows_the_rate_between_two_looks) {
  HostView now = view("2026-11-28T12:00:02.000Z", 150);
  use_rates_between(view("2026-11-28T12:00:00.000Z", 100), now);
  EXPECT_EQ(now.routes[0].rates->ok, 25);
}

TEST(TopText, keeps_the_hosts_own_rate_where_it_can_make_none) {
  for (const auto& before : {view("2026-11-28T12:00:02.000Z", 100),  // at the same time
                             view("2026-11-28T12:00:00.000Z", 999),  // a route made anew
                             HostView{"one", "2026-11-28T12:00:00.000Z", {}}}) {
    HostView now = view("2026-11-28T12:00:02.000Z", 150);
    use_rates_between(before, now);
    EXPECT_EQ(now.routes[0].rates->ok, 99);
  }
}

TEST(TopText, is_a_line_a_route_for_pipes) {
  EXPECT_EQ(top_lines(view("2026-11-28T12:00:02.000Z", 1)),
            "2026-11-28T12:00:02.000Z route=alert state=running lag=3 ok_per_second=99.0 "
            "failed_per_second=0 in_flight=0 waiting=0 parked=0 dead_letters=0\n");
}

TEST(TopText, shows_why_there_is_nothing_newer) {
  EXPECT_THAT(top_screen(view("2026-11-28T12:00:02.000Z", 1), "no host answers"),
              testing::StartsWith("gantry top: host one, 2026-11-28T12:00:02.000Z; q ends it\n"
                                  "no host answers\nROUTE"));
}

TEST(Clipped, is_what_the_terminal_has_room_for) {
  EXPECT_EQ(clipped("abc\ndef\nghi\n", 2, 2), "ab\nde");
  EXPECT_EQ(clipped("abc\n", 9, 9), "abc");
  EXPECT_EQ(clipped("\xC3\xA4\xC3\xB6\xC3\xBC", 1, 2), "\xC3\xA4\xC3\xB6") << "by characters";
  EXPECT_EQ(clipped("", 1, 1), "");
}

}  // namespace
}  // namespace gantry::cli
