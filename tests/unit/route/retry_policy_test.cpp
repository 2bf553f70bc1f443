#include "route/dispatch/retry_policy.hpp"

#include <gtest/gtest.h>

namespace gantry::route {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using State = Availability::State;

constexpr double kMiddle = 0.5;  // a random number that jitter leaves without effect

config::Retry growing() {
  return {.max_attempts = 10,
          .backoff = milliseconds{100},
          .multiplier = 2.0,
          .max_backoff = milliseconds{1000}};
}

TEST(Backoff, is_the_configured_one_before_the_second_attempt) {
  EXPECT_EQ(backoff_before_retry(growing(), 1, kMiddle), milliseconds{100});
}

TEST(Backoff, grows_by_the_multiplier) {
  EXPECT_EQ(backoff_before_retry(growing(), 3, kMiddle), milliseconds{400});
}

TEST(Backoff, ends_at_its_cap_however_often_it_failed) {
  EXPECT_EQ(backoff_before_retry(growing(), 5, kMiddle), milliseconds{1000});
  EXPECT_EQ(backoff_before_retry(growing(), 4'000'000'000u, kMiddle), milliseconds{1000});
}

TEST(Backoff, stays_the_same_with_a_multiplier_of_one) {
  EXPECT_EQ(backoff_before_retry({}, 1, kMiddle), milliseconds{1000});
  EXPECT_EQ(backoff_before_retry({}, 3, kMiddle), milliseconds{1000});
}

TEST(Backoff, is_spread_to_both_sides_by_jitter) {
  config::Retry retry = growing();
  retry.jitter = 0.2;
  EXPECT_EQ(backoff_before_retry(retry, 1, 0.0), milliseconds{80});
  EXPECT_EQ(backoff_before_retry(retry, 1, 1.0), milliseconds{120});
}

// An availability with a clock.
class AvailabilityTest : public testing::Test {
 protected:
  void unavailable(bool was_probe, milliseconds retry_after = milliseconds{0}) {
    availability_.unavailable(now_, was_probe, retry_after, kMiddle);
  }
  void succeeded(bool was_probe) { availability_.succeeded(now_, was_probe); }
  State after(milliseconds time) {
    now_ += time;
    availability_.tick(now_);
    return availability_.state();
  }
  milliseconds wait() const {
    return std::chrono::duration_cast<milliseconds>(*availability_.next_due() - now_);
  }
  // One round: the pause is over, a probe goes out and fails.
  void fail_a_probe() {
    after(wait());
    availability_.probe_sent();
    unavailable(true);
  }

  Availability availability_;
  Time now_{};
};

TEST_F(AvailabilityTest, is_open_at_first) {
  EXPECT_EQ(availability_.state(), State::open);
  EXPECT_EQ(availability_.next_due(), std::nullopt);
}

TEST_F(AvailabilityTest, pauses_then_lets_one_probe_out_which_opens_it) {
  unavailable(false);
  EXPECT_EQ(availability_.state(), State::paused);
  EXPECT_EQ(after(milliseconds{199}), State::paused);
  EXPECT_EQ(after(milliseconds{1}), State::due);
  availability_.probe_sent();
  EXPECT_EQ(availability_.state(), State::probing);
  succeeded(true);
  EXPECT_EQ(availability_.state(), State::open);
}

TEST_F(AvailabilityTest, doubles_the_pause_with_every_failed_probe_up_to_its_cap) {
  unavailable(false);
  EXPECT_EQ(wait(), Availability::kFirst);
  fail_a_probe();
  EXPECT_EQ(wait(), 2 * Availability::kFirst);
  fail_a_probe();
  EXPECT_EQ(wait(), 4 * Availability::kFirst);
  for (int i = 0; i < 10; ++i) fail_a_probe();
  EXPECT_EQ(wait(), Availability::kLast);
}

TEST_F(AvailabilityTest, begins_with_the_short_pause_again_after_a_probe_succeeded) {
  unavailable(false);
  for (int i = 0; i < 5; ++i) fail_a_probe();
  after(wait());
  availability_.probe_sent();
  succeeded(true);
  unavailable(false);
  EXPECT_EQ(wait(), Availability::kFirst);
}

TEST_F(AvailabilityTest, counts_messages_that_were_on_their_way_as_one_failure) {
  unavailable(false);
  for (int i = 0; i < 20; ++i) unavailable(false);
  EXPECT_EQ(wait(), Availability::kFirst);
}

TEST_F(AvailabilityTest, waits_as_long_as_the_dependency_asked) {
  unavailable(false, seconds{30});
  EXPECT_EQ(after(milliseconds{29'999}), State::paused);
  EXPECT_EQ(after(milliseconds{1}), State::due);
}

TEST_F(AvailabilityTest, takes_a_later_time_from_a_straggler) {
  unavailable(false, seconds{1});
  unavailable(false, seconds{60});
  unavailable(false, seconds{2});
  EXPECT_EQ(wait(), seconds{60});
}

TEST_F(AvailabilityTest, keeps_the_time_that_was_asked_for_when_stragglers_succeed) {
  unavailable(false, seconds{30});
  succeeded(false);
  EXPECT_EQ(availability_.state(), State::paused);
  EXPECT_EQ(wait(), seconds{30});
}

TEST_F(AvailabilityTest, opens_when_a_straggler_succeeds_and_no_time_was_asked_for) {
  unavailable(false);
  succeeded(false);
  EXPECT_EQ(availability_.state(), State::open);
}

TEST_F(AvailabilityTest, lets_another_probe_out_when_one_came_back_unused) {
  unavailable(false);
  after(wait());
  availability_.probe_sent();
  availability_.probe_returned_unused();
  EXPECT_EQ(availability_.state(), State::due);
}

TEST_F(AvailabilityTest, spreads_its_pauses_by_a_fifth) {
  availability_.unavailable(now_, false, milliseconds{0}, 0.0);
  EXPECT_EQ(wait(), milliseconds{160});
  after(wait());
  availability_.probe_sent();
  availability_.unavailable(now_, true, milliseconds{0}, 1.0);
  EXPECT_EQ(wait(), milliseconds{480});
}

}  // namespace
}  // namespace gantry::route
