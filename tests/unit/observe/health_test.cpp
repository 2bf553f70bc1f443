#include "observe/health.hpp"

#include <gtest/gtest.h>

#include "observe/log.hpp"
#include "unit/observe/captured_stderr.hpp"

namespace gantry::observe {
namespace {

TEST(Health, is_ready_without_parts) { EXPECT_TRUE(Health().ready()); }

TEST(Health, is_ready_only_when_every_part_is) {
  Health health;
  health.report("kafka", true, "running");
  health.report("route:alert", false, "waiting", "no brokers");
  EXPECT_FALSE(health.ready());
  health.report("route:alert", true, "running");
  EXPECT_TRUE(health.ready());
}

TEST(Health, forgets_a_part) {
  Health health;
  health.report("route:alert", false, "waiting");
  health.forget("route:alert");
  EXPECT_TRUE(health.ready());
  EXPECT_TRUE(health.snapshot().empty());
}

TEST(Health, tells_state_and_reason) {
  Health health;
  health.report("kafka", false, "unavailable", "connection refused");
  const PartState state = health.snapshot().at("kafka");
  EXPECT_FALSE(state.ready);
  EXPECT_EQ(state.state, "unavailable");
  EXPECT_EQ(state.reason, "connection refused");
}

TEST(Health, another_reason_does_not_restart_an_outage) {
  Health health;
  health.report("kafka", false, "unavailable", "connection refused");
  const auto since = health.snapshot().at("kafka").since;
  health.report("kafka", false, "unavailable", "timed out");
  EXPECT_EQ(health.snapshot().at("kafka").since, since);
  EXPECT_EQ(health.snapshot().at("kafka").reason, "timed out");
}

TEST(Health, logs_a_change_once) {
  Health health;
  log::configure(log::Format::text, log::Level::info);
  const test::CapturedStderr captured;
  health.report("kafka", true, "running");
  health.report("kafka", true, "running");
  ASSERT_EQ(captured.lines().size(), 1u);
  EXPECT_TRUE(
      captured.lines()[0].ends_with("INFO  health  part is ready  part=kafka state=running"))
      << captured.lines()[0];
}

TEST(Health, logs_a_part_that_is_not_ready_as_a_warning_with_its_reason) {
  Health health;
  const test::CapturedStderr captured;
  health.report("route:alert", false, "holding", "the DLQ is full");
  ASSERT_EQ(captured.lines().size(), 1u);
  EXPECT_TRUE(
      captured.lines()[0].ends_with("WARN  health  part is not ready  part=route:alert "
                                    "state=holding reason=\"the DLQ is full\""))
      << captured.lines()[0];
}

TEST(Health, logs_another_reason) {
  Health health;
  health.report("kafka", false, "waiting", "one");
  const test::CapturedStderr captured;
  health.report("kafka", false, "waiting", "two");
  EXPECT_EQ(captured.lines().size(), 1u);
}

}  // namespace
}  // namespace gantry::observe
