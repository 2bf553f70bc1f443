// Which message goes to a lane next: order among the messages of a key, and none beyond that.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/route/engine.hpp"

namespace gantry::route {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

config::Route with_order(config::Order order) {
  config::Route route = make_route();
  route.order = order;
  return route;
}

TEST(Order, a_key_that_a_lane_holds_is_not_given_to_another) {
  Engine engine;
  engine.assign();
  engine.offer({"a", "a"});
  Claim* first = engine.take(1);
  EXPECT_EQ(engine.take(), nullptr);
  engine.settle(first, GANTRY_OK);
  EXPECT_THAT(engine.take_offsets(), ElementsAre(1));
}

TEST(Order, another_key_passes_one_that_waits_for_its_retry) {
  Engine engine;
  engine.assign();
  engine.offer({"a", "a", "b"});
  engine.settle(engine.take(1), GANTRY_RETRY);
  EXPECT_THAT(engine.handle_all(), ElementsAre(2));
  engine.pass(std::chrono::seconds{1});
  EXPECT_THAT(engine.handle_all(), ElementsAre(0, 1));
}

TEST(Order, messages_that_arrive_for_a_parked_key_wait_behind_it) {
  Engine engine;
  engine.assign();
  engine.offer({"a"});
  engine.settle(engine.take(), GANTRY_RETRY);
  engine.offer({"a", "b"});
  EXPECT_THAT(engine.handle_all(), ElementsAre(2));
  engine.pass(std::chrono::seconds{1});
  EXPECT_THAT(engine.handle_all(), ElementsAre(0, 1));
}

TEST(Order, a_batch_holds_one_message_of_a_key) {
  Engine engine{kBatches};
  engine.assign();
  engine.offer({"a", "b", "a", "b", "c"});
  EXPECT_THAT(engine.take_offsets(), ElementsAre(0, 1, 4));
}

TEST(Order, a_handler_that_orders_within_a_batch_gets_several_messages_of_a_key_in_order) {
  Engine engine{kOrderedBatches};
  engine.assign();
  engine.offer({"a", "b", "a", "b", "c"});
  EXPECT_THAT(engine.take_offsets(), ElementsAre(0, 2, 1, 3, 4));
}

TEST(Order, messages_without_a_key_are_not_ordered) {
  Engine engine;
  engine.assign();
  engine.offer({std::nullopt, std::nullopt});
  EXPECT_THAT(engine.take_offsets(1), ElementsAre(0));
  EXPECT_THAT(engine.take_offsets(1), ElementsAre(1));
}

TEST(Order, an_empty_key_is_a_key_and_not_the_absence_of_one) {
  Engine engine;
  engine.assign();
  engine.offer({"", ""});
  EXPECT_THAT(engine.take_offsets(1), ElementsAre(0));
  EXPECT_THAT(engine.take_offsets(1), IsEmpty());
}

TEST(Order, the_same_key_in_two_partitions_is_two_keys) {
  Engine engine;
  engine.assign(0);
  engine.assign(1, 100);
  engine.offer({"a"}, 0);
  engine.offer({"a"}, 1);
  EXPECT_THAT(engine.take_offsets(1), ElementsAre(0));
  EXPECT_THAT(engine.take_offsets(1), ElementsAre(100));
}

TEST(Order, by_partition_a_failing_message_holds_the_whole_partition_and_no_other) {
  Engine engine{kOneByOne, with_order(config::Order::partition)};
  engine.assign(0);
  engine.assign(1, 100);
  engine.offer({"a", "b"}, 0);
  engine.offer({"c"}, 1);
  engine.settle(engine.take(1), GANTRY_RETRY);
  EXPECT_THAT(engine.handle_all(), ElementsAre(100));
  engine.pass(std::chrono::seconds{1});
  EXPECT_THAT(engine.handle_all(), ElementsAre(0, 1));
}

TEST(Order, by_partition_messages_without_a_key_are_ordered_too) {
  Engine engine{kBatches, with_order(config::Order::partition)};
  engine.assign();
  engine.offer({std::nullopt, std::nullopt});
  EXPECT_THAT(engine.take_offsets(), ElementsAre(0));
  EXPECT_THAT(engine.take_offsets(), IsEmpty());
}

TEST(Order, none_lets_messages_of_one_key_pass_each_other) {
  Engine engine{kOneByOne, with_order(config::Order::none)};
  engine.assign();
  engine.offer({"a", "a"});
  engine.settle(engine.take(1), GANTRY_RETRY);
  EXPECT_THAT(engine.handle_all(), ElementsAre(1));
}

TEST(Order, what_a_lane_gives_back_goes_to_another_lane_in_order) {
  Engine engine;
  engine.assign();
  engine.offer({"a", "b", "b", "c"});
  Claim* slow = engine.take();
  engine.give_back(slow, 1);  // its first call takes long
  EXPECT_THAT(engine.handle_all(), ElementsAre(1, 2, 3));
  engine.settle(slow, GANTRY_OK);
  EXPECT_EQ(engine.commit(), 4);
}

TEST(Order, the_rest_of_a_run_that_is_given_back_waits_for_its_beginning) {
  Engine engine;
  engine.assign();
  engine.offer({"a", "a", "a", "b"});
  Claim* slow = engine.take();
  engine.give_back(slow, 1);
  EXPECT_THAT(engine.handle_all(), ElementsAre(3));
  engine.settle(slow, GANTRY_OK);
  EXPECT_THAT(engine.handle_all(), ElementsAre(1, 2));
}

TEST(Order, what_a_lane_did_not_begin_comes_again_uncounted) {
  Engine engine;
  engine.assign();
  engine.offer({"a", "b"});
  engine.settle_each(engine.take(), {GANTRY_OK, kNotRun});
  const Claim* again = engine.take();
  ASSERT_NE(again, nullptr);
  EXPECT_THAT(offsets(*again), ElementsAre(1));
  EXPECT_EQ(again->deliveries[0]->message.attempt, 1u);
}

TEST(Order, the_frontier_waits_for_the_oldest_message) {
  Engine engine;
  engine.assign(0, 10);
  engine.offer({"a", "b", "c"});
  engine.settle_each(engine.take(), {GANTRY_RETRY, GANTRY_OK, GANTRY_OK});
  EXPECT_EQ(engine.commit(), 10);
  engine.pass(std::chrono::seconds{1});
  engine.handle_all();
  EXPECT_EQ(engine.commit(), 13);
}

TEST(Order, a_committable_offset_is_named_once) {
  Engine engine;
  engine.assign();
  engine.offer({"a"});
  engine.handle_all();
  EXPECT_EQ(engine.dispatcher.committable().size(), 1u);
  EXPECT_EQ(engine.dispatcher.committable().size(), 0u);
  engine.dispatcher.forget_committed();
  EXPECT_EQ(engine.dispatcher.committable().size(), 1u);
}

}  // namespace
}  // namespace gantry::route
