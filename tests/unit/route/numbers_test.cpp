// What a route counts of itself.
#include "route/dispatch/numbers.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/route/engine.hpp"
#include "unit/route/fake_route.hpp"

namespace gantry::route {
namespace {

using std::chrono::microseconds;
using std::chrono::seconds;

Numbers numbers_of(const Engine& engine) {
  Numbers numbers;
  engine.dispatcher.describe(numbers);
  return numbers;
}

TEST(Counts, messages_by_what_the_handler_said) {
  Engine engine{kBatches};
  engine.assign();
  engine.offer({"a", "b", "c", "d"});
  engine.settle_each(engine.take(), {GANTRY_OK, GANTRY_RETRY, GANTRY_REJECT, GANTRY_UNAVAILABLE});
  const Counts counts = numbers_of(engine).counts;
  EXPECT_EQ(counts.ok, 1u);
  EXPECT_EQ(counts.retry, 1u);
  EXPECT_EQ(counts.retries, 1u);
  EXPECT_EQ(counts.reject, 1u);
  EXPECT_EQ(counts.unavailable, 1u);
  EXPECT_EQ(counts.settled, 1u) << "the rejected one is not in the dead-letter topic yet";
}

TEST(Counts, nobody_is_counted_for_a_failure_that_a_batch_shares) {
  Engine engine{kBatches};
  engine.assign();
  engine.offer({"a", "b"});
  engine.settle(engine.take(), GANTRY_RETRY);
  EXPECT_EQ(numbers_of(engine).counts.retry, 0u);
  EXPECT_TRUE(numbers_of(engine).errors.empty());
  engine.settle(engine.take(1), GANTRY_RETRY);
  EXPECT_EQ(numbers_of(engine).counts.retry, 1u);
}

TEST(Counts, dead_letters_by_reason_once_they_are_taken) {
  Engine engine;
  engine.assign();
  engine.offer({"a"});
  engine.settle(engine.take(), GANTRY_REJECT);
  const auto rejected = static_cast<std::size_t>(DeadLetterCause::rejected);
  EXPECT_EQ(numbers_of(engine).status.letters, 1u);
  engine.refuse();
  EXPECT_EQ(numbers_of(engine).counts.dead_letter_failures, 1u);
  EXPECT_EQ(numbers_of(engine).counts.dead_letters[rejected], 0u);
  engine.pass(seconds{2});
  engine.acknowledge();
  EXPECT_EQ(numbers_of(engine).counts.dead_letters[rejected], 1u);
  EXPECT_EQ(numbers_of(engine).counts.settled, 1u);
  EXPECT_EQ(numbers_of(engine).status.letters, 0u);
}

TEST(Counts, records_that_outputs_take_and_do_not_take) {
  Engine engine;
  engine.assign();
  engine.offer({"a"});
  Claim* claim = engine.take();
  engine.publish(claim, 0, "key", "value");
  engine.settle(claim, GANTRY_OK);
  engine.fail();
  engine.pass(seconds{2});
  engine.get_through();
  EXPECT_EQ(numbers_of(engine).counts.published, 1u);
  EXPECT_EQ(numbers_of(engine).counts.publish_failures, 1u);
}

TEST(Numbers, tell_the_position_of_each_assigned_partition) {
  Engine engine;
  engine.assign(0, 100);
  engine.assign(1, -1);
  EXPECT_EQ(numbers_of(engine).partitions[0].position, 100);
  EXPECT_EQ(numbers_of(engine).partitions[1].position, -1) << "nothing was ever committed";
  engine.offer_one(0, 100, "a");
  engine.handle_all();
  EXPECT_EQ(numbers_of(engine).partitions[0].position, 101);
  engine.revoke();
  EXPECT_TRUE(numbers_of(engine).partitions.empty());
}

TEST(Numbers, count_suspects_until_they_are_handled) {
  Engine engine;
  engine.assign(0, 0, {}, {{.offset = 0, .timestamp_ms = 0, .crashes = 0, .number = 1}});
  EXPECT_EQ(numbers_of(engine).status.suspects, 1u);
}

TEST(RecentErrors, are_the_newest_each_reason_once) {
  RecentErrors errors;
  Delivery delivery;
  delivery.message.offset = 41;
  Outcome outcome{.reason = "no connection", .error_class = {}};
  errors.note(delivery, "unavailable", outcome, Time{seconds{1}});
  delivery.message.offset = 42;
  errors.note(delivery, "unavailable", outcome, Time{seconds{2}});
  ASSERT_EQ(errors.newest_first().size(), 1u);
  EXPECT_EQ(errors.newest_first()[0].times, 2u);
  EXPECT_EQ(errors.newest_first()[0].offset, 42);
  EXPECT_EQ(errors.newest_first()[0].at, Time{seconds{2}});
  for (int i = 0; i < 10; ++i) {
    outcome.reason = std::to_string(i);
    errors.note(delivery, "retry", outcome, Time{seconds{3}});
  }
  EXPECT_EQ(errors.newest_first().size(), RecentErrors::kMost);
  EXPECT_EQ(errors.newest_first()[0].reason, "9");
}

TEST(CallTimes, fall_into_the_first_bucket_that_holds_them) {
  CallTimes times;
  times.add(microseconds{10});
  times.add(microseconds{11});
  times.add(seconds{60});
  CallTimeTotals totals;
  times.add_to(totals);
  EXPECT_EQ(totals.buckets[0], 1u);
  EXPECT_EQ(totals.buckets[1], 1u);
  EXPECT_EQ(totals.buckets.back(), 1u);
  EXPECT_EQ(totals.sum, seconds{60} + microseconds{21});
}

TEST(CallTimes, of_quick_calls_that_were_timed_together_at_most_one_took_long) {
  CallTimes times;
  times.add(microseconds{3}, 8);
  times.add(microseconds{99}, 8);
  CallTimeTotals totals;
  times.add_to(totals);
  EXPECT_EQ(totals.buckets[0], 15u);
  EXPECT_EQ(totals.buckets[1], 1u);
  EXPECT_EQ(totals.sum, microseconds{102});
}

class CallCount : public testing::TestWithParam<HandlerTraits> {};

TEST_P(CallCount, is_each_call_of_every_lane) {
  std::atomic<std::uint64_t> calls{0};
  auto fake = std::make_unique<FakeRoute>(GetParam(), 3,
                                          [&](FakeRoute::Messages, gantry_outcome&) { ++calls; });
  fake->route->start();
  std::vector<std::string> keys;
  for (int i = 0; i < 500; ++i) keys.push_back(std::to_string(i));
  fake->produce(0, keys);
  fake->assign({0});
  EXPECT_TRUE(eventually([&] { return fake->all_committed(); }));
  const Numbers numbers = fake->route->numbers();
  std::uint64_t counted = 0;
  for (const std::uint64_t bucket : numbers.calls.buckets) counted += bucket;
  EXPECT_EQ(counted, calls);
  EXPECT_EQ(numbers.counts.ok, 500u);
  EXPECT_EQ(numbers.counts.settled, 500u);
  EXPECT_EQ(numbers.counts.rebalances, 1u);
  EXPECT_TRUE(numbers.assigned);
  fake->route->revoked();
  EXPECT_TRUE(fake->route->stop(seconds{30}));
}

INSTANTIATE_TEST_SUITE_P(Kinds, CallCount,
                         testing::Values(kOneByOne, HandlerTraits{.max_batch = 50}));

}  // namespace
}  // namespace gantry::route
