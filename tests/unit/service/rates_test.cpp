// How fast a route works.
#include "service/rates.hpp"

#include <gtest/gtest.h>

namespace gantry::service {
namespace {

using std::chrono::seconds;

route::Counts counts(std::uint64_t ok, std::uint64_t retry = 0) {
  route::Counts all;
  all.ok = all.settled = ok;
  all.retry = retry;
  return all;
}

TEST(RateWindow, knows_nothing_after_one_look) {
  RateWindow window;
  EXPECT_FALSE(window.rates());
  window.add(counts(5), route::Time{seconds{10}});
  EXPECT_FALSE(window.rates());
}

TEST(RateWindow, is_what_came_between_the_looks) {
  RateWindow window;
  window.add(counts(5), route::Time{seconds{10}});
  window.add(counts(25, 2), route::Time{seconds{14}});
  EXPECT_EQ(window.rates()->ok, 5);
  EXPECT_EQ(window.rates()->failed, 0.5);
  EXPECT_EQ(window.rates()->seconds, 4);
}

TEST(RateWindow, forgets_what_is_older_than_a_minute) {
  RateWindow window;
  window.add(counts(1'000'000), route::Time{seconds{10}});
  window.add(counts(2'000'000), route::Time{seconds{20}});
  window.add(counts(2'000'060), route::Time{seconds{80}});
  EXPECT_EQ(window.rates()->ok, 1);
}

TEST(RateWindow, begins_anew_with_a_new_route_of_the_name) {
  RateWindow window;
  window.add(counts(100), route::Time{seconds{10}});
  window.add(counts(3), route::Time{seconds{12}});
  EXPECT_FALSE(window.rates());
}

}  // namespace
}  // namespace gantry::service
