// Every wait can be broken off by a signal, and none waits for ever.
#include "embedded/interrupts.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "service/lifetime.hpp"

namespace gantry::embedded {
namespace {

using namespace std::chrono_literals;

class Waiting : public testing::Test {
 protected:
  const Interrupts interrupts_{service::block_signals()};
};

TEST_F(Waiting, ends_with_the_condition) {
  int looked = 0;
  interrupts_.wait_until([&] { return ++looked == 3; }, 60s, [] { return ""; });
  EXPECT_EQ(looked, 3);
}

TEST_F(Waiting, says_what_never_came_true) {
  try {
    interrupts_.wait_until([] { return false; }, 1ms, [] { return "the brokers do not come"; });
    FAIL() << "it came true";
  } catch (const std::runtime_error& error) {
    EXPECT_STREQ(error.what(), "the brokers do not come");
  }
}

TEST_F(Waiting, is_broken_off_by_ctrl_c) {
  pthread_kill(pthread_self(), SIGINT);
  try {
    interrupts_.wait_until([] { return false; }, 60s, [] { return ""; });
    FAIL() << "it came true";
  } catch (const Interrupted& interrupted) {
    EXPECT_EQ(interrupted.signal(), SIGINT);
  }
}

}  // namespace
}  // namespace gantry::embedded
