// Partitions that are taken away with messages in a handler's hands, and come back.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/route/engine.hpp"

namespace gantry::route {
namespace {

using std::chrono::seconds;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

TEST(Assignment, a_revoked_partition_gives_back_every_message_that_no_handler_has) {
  Engine engine;
  engine.assign();
  engine.offer({"a", "a", "b", "c", std::nullopt});
  Claim* in_hands = engine.take(1);
  engine.settle(engine.take(1), GANTRY_RETRY);  // b is parked
  engine.revoke();
  EXPECT_EQ(engine.records.held(), 1u);
  EXPECT_EQ(engine.take(), nullptr);
  EXPECT_THAT(engine.dispatcher.committable(), IsEmpty());
  engine.settle(in_hands, GANTRY_OK);
  EXPECT_EQ(engine.records.held(), 0u);
}

TEST(Assignment, a_verdict_of_an_earlier_one_moves_no_frontier) {
  Engine engine;
  engine.assign(0, 50);
  engine.offer({"a"});
  Claim* old = engine.take();
  engine.revoke();
  engine.assign(0, 10);
  engine.offer({"b"});
  engine.settle(old, GANTRY_OK);
  EXPECT_EQ(engine.commit(), -1);
  engine.handle_all();
  EXPECT_EQ(engine.commit(), 11);
}

TEST(Assignment,
     can_be_asked_for_with_what_was_committed_before_it_where_nothing_was_settled_since) {
  Engine engine;
  engine.assign(0, 50, {{52, 53}});
  engine.assign(1, -1);  // nothing was ever committed
  EXPECT_THAT(engine.dispatcher.committable(), IsEmpty());
  const auto positions = engine.dispatcher.positions();
  ASSERT_THAT(positions, SizeIs(1));
  EXPECT_EQ(positions[0].partition, 0);
  EXPECT_EQ(positions[0].offset, 50);
  EXPECT_EQ(positions[0].settled, (OffsetRanges{{52, 53}}));
}

TEST(Assignment, a_failure_of_an_earlier_one_is_dropped_and_the_record_comes_again) {
  for (const gantry_verdict verdict : {GANTRY_RETRY, GANTRY_REJECT, GANTRY_UNAVAILABLE}) {
    Engine engine;
    engine.assign();
    engine.offer({"a"});
    Claim* old = engine.take();
    engine.revoke();
    engine.assign();
    engine.offer({"a"});
    engine.settle(old, verdict);
    EXPECT_THAT(engine.letters, IsEmpty());
    Claim* again = engine.take();
    ASSERT_NE(again, nullptr);
    EXPECT_EQ(again->deliveries[0]->message.attempt, 1u);
  }
}

TEST(Assignment, a_key_that_still_runs_here_waits_and_is_not_handled_twice) {
  Engine engine;
  engine.assign();
  engine.offer({"a", "a", "b"});
  Claim* old = engine.take(1);
  engine.revoke();
  engine.assign();
  engine.offer({"a", "a", "b"});
  EXPECT_THAT(engine.take_offsets(), ElementsAre(2)) << "key a is still in the old handler's hands";
  engine.settle(old, GANTRY_OK);
  EXPECT_EQ(engine.commit(), 1) << "the waiting record is settled by it";
  EXPECT_THAT(engine.handle_all(), ElementsAre(1));
}

TEST(Assignment, a_run_of_a_key_that_still_runs_settles_each_of_its_waiting_records) {
  Engine engine;
  engine.assign();
  engine.offer({"a", "a", "a"});
  Claim* old = engine.take(2);
  engine.revoke();
  engine.assign();
  engine.offer({"a", "a", "a"});
  engine.settle(old, GANTRY_OK);
  EXPECT_EQ(engine.commit(), 2);
  EXPECT_THAT(engine.handle_all(), ElementsAre(2));
}

TEST(Assignment, an_ok_settles_no_other_record_than_its_own) {
  Engine engine;
  engine.assign();
  engine.offer({"a", "a"});
  engine.settle(engine.take(1), GANTRY_OK);  // offset 0 is done, but not committed
  Claim* old = engine.take();
  engine.revoke();
  engine.assign();
  engine.offer({"a", "a"});
  engine.settle(old, GANTRY_OK);
  EXPECT_THAT(engine.handle_all(), ElementsAre(0, 1));
}

TEST(Assignment, what_an_old_lane_gives_back_is_not_handled_again) {
  Engine engine;
  engine.assign();
  engine.offer({"a", "a", "a", "b"});
  Claim* old = engine.take();
  engine.revoke();
  engine.give_back(old, 1);
  engine.settle(old, GANTRY_OK);
  EXPECT_EQ(engine.take(), nullptr);
}

TEST(Assignment, what_an_old_lane_gives_back_does_not_stand_before_the_new_records) {
  Engine engine;
  engine.assign();
  engine.offer({"a", "a"});
  Claim* old = engine.take();
  engine.revoke();
  engine.assign();
  engine.offer({"a", "a"});
  engine.give_back(old, 1);
  engine.settle(old, GANTRY_OK);
  EXPECT_THAT(engine.handle_all(), ElementsAre(1));
  EXPECT_EQ(engine.commit(), 2);
}

TEST(Assignment, topic_names_outlive_the_partition_queue_they_came_from) {
  Engine engine;
  engine.assign();
  engine.offer({"a"});
  Claim* in_hands = engine.take();
  const gantry_str topic = in_hands->deliveries[0]->message.topic;
  EXPECT_EQ(topic.data, engine.partitions[0]->topic.data());
  engine.revoke();
  EXPECT_EQ(std::string(topic.data, topic.size), "trace-topic");
}

TEST(Assignment, pending_messages_of_a_revoked_one_are_cancelled_and_may_be_settled_late) {
  Engine engine{kPending};
  engine.assign();
  engine.offer({"a"});
  Claim* claim = engine.take();
  const gantry_slot slot = slot_of(claim);
  engine.settle(claim, GANTRY_PENDING);
  engine.revoke();
  EXPECT_THAT(engine.cancelled, ElementsAre(slot));
  engine.settle_slot(slot, GANTRY_OK);
  EXPECT_TRUE(engine.dispatcher.idle());
}

TEST(Assignment, a_pending_message_of_a_revoked_one_that_never_comes_back_frees_its_key) {
  Engine engine{kPending};
  engine.assign();
  engine.offer({"a"});
  Claim* claim = engine.take();
  const gantry_slot slot = slot_of(claim);
  engine.settle(claim, GANTRY_PENDING);
  engine.revoke();
  engine.assign();
  engine.offer({"a"});
  EXPECT_EQ(engine.take(), nullptr);
  engine.pass(seconds{30});
  engine.pass(seconds{5});
  EXPECT_THAT(engine.handle_all(), ElementsAre(0));
  EXPECT_FALSE(engine.settle_slot(slot, GANTRY_OK));
}

TEST(Assignment, draining_hands_out_nothing_and_is_idle_when_all_is_settled) {
  Engine engine;
  engine.assign();
  engine.offer({"a", "b"});
  Claim* claim = engine.take(1);
  engine.dispatcher.set_draining(true);
  EXPECT_EQ(engine.take(), nullptr);
  EXPECT_FALSE(engine.dispatcher.idle());
  engine.settle(claim, GANTRY_OK);
  EXPECT_TRUE(engine.dispatcher.idle());
  EXPECT_THAT(engine.dispatcher.committable(), SizeIs(1));
}

TEST(Assignment, offsets_of_a_partition_that_was_given_up_are_not_committed) {
  Engine engine;
  engine.assign();
  engine.offer({"a"});
  engine.handle_all();
  engine.revoke();
  EXPECT_THAT(engine.dispatcher.committable(), IsEmpty());
}

}  // namespace
}  // namespace gantry::route
