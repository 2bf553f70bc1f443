// When a route counts as stalled.
#include "service/stall.hpp"

#include <gtest/gtest.h>

namespace gantry::service {
namespace {

using std::chrono::seconds;

class Stalling : public testing::Test {
 protected:
  bool look(std::int64_t lag, std::uint64_t settled, bool assigned = true) {
    return stall.look({assigned, lag, settled}, seconds{60}, route::Time{} + at);
  }
  Stall stall;
  seconds at{1000};
};

TEST_F(Stalling, is_a_growing_lag_while_nothing_settles) {
  look(0, 99);
  EXPECT_FALSE(look(5, 100));
  at += seconds{59};
  EXPECT_FALSE(look(9, 100));
  at += seconds{1};
  EXPECT_TRUE(look(9, 100));
  EXPECT_EQ(stall.lag_before(), 5);
}

TEST_F(Stalling, is_also_a_lag_that_was_there_from_the_beginning) {
  EXPECT_FALSE(look(5, 0));
  at += seconds{60};
  EXPECT_TRUE(look(5, 0));
}

TEST_F(Stalling, ends_when_something_settles) {
  look(5, 100);
  at += seconds{60};
  EXPECT_TRUE(look(9, 100));
  EXPECT_FALSE(look(8, 101));
  at += seconds{59};
  EXPECT_FALSE(look(10, 101));
}

TEST_F(Stalling, is_not_where_nothing_new_comes) {
  look(6, 99);
  look(5, 100);
  at += seconds{600};
  EXPECT_FALSE(look(5, 100)) << "one key that waits for its retry";
}

TEST_F(Stalling, is_not_where_nothing_waits) {
  look(0, 100);
  at += seconds{600};
  EXPECT_FALSE(look(0, 100));
  at += seconds{1};
  EXPECT_FALSE(look(1, 100)) << "it has just come";
}

TEST_F(Stalling, is_not_where_nothing_is_assigned) {
  look(5, 100);
  at += seconds{60};
  EXPECT_FALSE(look(9, 100, false));
  EXPECT_FALSE(look(9, 100)) << "it has just got its partitions back";
}

}  // namespace
}  // namespace gantry::service
