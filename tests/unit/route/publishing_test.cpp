// What handlers publish: sent when its message is settled ok and dropped otherwise, in the order of
// each key whatever fails, and no offset moves on before it has got through.
#include "unit/route/publishing.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gantry::route {
namespace {

using std::chrono::seconds;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

TEST_F(Publishing, goes_out_when_the_message_is_settled_ok_and_not_before) {
  engine_.offer({"a"});
  Claim* claim = engine_.take();
  engine_.publish(claim, 0, "k", "v");
  EXPECT_THAT(engine_.flying, IsEmpty());
  engine_.settle(claim, GANTRY_OK);
  ASSERT_THAT(engine_.in_flight(), ElementsAre("v"));
  EXPECT_EQ(engine_.flying[0]->record.topic, "out");
  EXPECT_EQ(engine_.flying[0]->record.key, "k");
}

TEST_F(Publishing, is_dropped_with_any_other_verdict) {
  for (const gantry_verdict verdict : {GANTRY_RETRY, GANTRY_REJECT, GANTRY_UNAVAILABLE}) {
    Engine engine;
    engine.assign();
    engine.offer({"a"});
    Claim* claim = engine.take();
    engine.publish(claim, 0, "k", "v");
    engine.settle(claim, verdict);
    engine.pass(seconds{60});
    EXPECT_THAT(engine.flying, IsEmpty());
    EXPECT_EQ(engine.dispatcher.status().record_bytes, 0u);
  }
}

TEST_F(Publishing, of_an_earlier_attempt_does_not_go_out_with_a_later_one) {
  handle("a", GANTRY_RETRY);
  engine_.pass(seconds{1});
  Claim* claim = engine_.take();
  engine_.publish(claim, 0, "a", "second attempt");
  engine_.settle(claim, GANTRY_OK);
  EXPECT_THAT(engine_.in_flight(), ElementsAre("second attempt"));
}

TEST_F(Publishing, moves_the_offset_on_only_when_all_of_it_has_got_through) {
  engine_.offer({"a"});
  Claim* claim = engine_.take();
  for (const char* value : {"1", "2", "3"}) engine_.publish(claim, 0, value, value);
  engine_.settle(claim, GANTRY_OK);
  EXPECT_THAT(engine_.flying, SizeIs(3));
  engine_.get_through(1);
  engine_.get_through(1);
  EXPECT_EQ(engine_.commit(), -1);
  EXPECT_FALSE(engine_.dispatcher.idle());
  engine_.get_through();
  EXPECT_EQ(engine_.commit(), 1);
  EXPECT_TRUE(engine_.dispatcher.idle());
}

TEST_F(Publishing, lets_the_key_go_on_while_its_records_are_under_way) {
  handle("a");
  handle("a");
  EXPECT_THAT(engine_.in_flight(), ElementsAre("0", "1"));
}

TEST_F(Publishing, of_a_batch_goes_out_for_those_that_are_ok) {
  Engine engine(kBatches);
  engine.assign();
  engine.offer({"a", "b", "c"});
  Claim* claim = engine.take();
  for (std::size_t i = 0; i < 3; ++i) engine.publish(claim, i, "k", std::to_string(i));
  engine.settle_each(claim, {GANTRY_OK, GANTRY_RETRY, GANTRY_OK});
  EXPECT_THAT(engine.in_flight(), ElementsAre("0", "2"));
}

TEST_F(Publishing, of_a_batch_that_fails_together_is_published_once_when_its_halves_are_ok) {
  Engine engine(kBatches);
  engine.assign();
  engine.offer({"a", "b", "c", "d"});
  for (const gantry_verdict verdict : {GANTRY_RETRY, GANTRY_OK, GANTRY_OK}) {
    Claim* claim = engine.take();
    for (std::size_t i = 0; i < claim->size(); ++i)
      engine.publish(claim, i, "k", std::to_string(offsets(*claim)[i]));
    engine.settle(claim, verdict);
  }
  EXPECT_THAT(engine.in_flight(), ElementsAre("0", "1", "2", "3"));
}

TEST_F(Publishing, of_a_pending_message_goes_out_when_another_thread_settles_it) {
  Engine engine(kPending);
  engine.assign();
  engine.offer({"a"});
  Claim* claim = engine.take();
  const gantry_slot slot = slot_of(claim);
  engine.publish(slot, "k", "in the call");
  engine.settle(claim, GANTRY_PENDING);
  EXPECT_EQ(engine.publish(slot, "k", "later"), GANTRY_DONE);
  EXPECT_THAT(engine.flying, IsEmpty());
  engine.settle_slot(slot, GANTRY_OK);
  EXPECT_THAT(engine.in_flight(), ElementsAre("in the call", "later"));
  EXPECT_EQ(engine.publish(slot, "k", "too late"), GANTRY_UNKNOWN_SLOT);
  engine.get_through();
  EXPECT_EQ(engine.commit(), -1);
  engine.get_through();
  EXPECT_EQ(engine.commit(), 1);
}

TEST_F(Publishing, of_a_pending_message_whose_time_is_over_is_dropped) {
  for (const bool settled_late : {true, false}) {
    Engine engine(kPending);
    engine.assign();
    engine.offer({"a"});
    Claim* claim = engine.take();
    const gantry_slot slot = slot_of(claim);
    engine.publish(slot, "k", "v");
    engine.settle(claim, GANTRY_PENDING);
    engine.pass(engine.route.handler_deadline);
    EXPECT_EQ(engine.publish(slot, "k", "v"), GANTRY_UNKNOWN_SLOT);
    if (settled_late) engine.settle_slot(slot, GANTRY_OK);
    engine.pass(engine.route.cancel_grace);
    EXPECT_THAT(engine.flying, IsEmpty());
    EXPECT_EQ(engine.dispatcher.status().record_bytes, 0u);
  }
}

TEST_F(Publishing, of_an_earlier_assignment_is_dropped_and_its_message_comes_again) {
  engine_.offer({"a"});
  Claim* claim = engine_.take();
  engine_.publish(claim, 0, "a", "old");
  engine_.revoke();
  engine_.assign();
  engine_.offer({"a"});
  engine_.settle(claim, GANTRY_OK);
  EXPECT_THAT(engine_.flying, IsEmpty());
  EXPECT_EQ(engine_.commit(), -1);
  handle_next("a");
  EXPECT_THAT(engine_.in_flight(), ElementsAre("0"));
}

TEST_F(Publishing, under_way_at_a_revocation_is_not_overtaken_by_what_comes_again) {
  handle("a");
  engine_.revoke();
  EXPECT_TRUE(engine_.recalled);
  engine_.assign();
  handle("a");
  EXPECT_THAT(engine_.in_flight(), ElementsAre("0")) << "of the earlier assignment";
  engine_.fail();
  EXPECT_EQ(engine_.commit(), -1);
  engine_.pass(seconds{1});
  EXPECT_THAT(engine_.in_flight(), ElementsAre("0"));
  engine_.get_through();
  EXPECT_EQ(engine_.commit(), 1);
}

TEST_F(Publishing, settles_the_later_messages_of_a_key_after_the_earlier_ones) {
  engine_.offer({"a", "a", "b"});
  handle_next("a");
  EXPECT_THAT(engine_.handle_all(), SizeIs(2));
  EXPECT_THAT(engine_.commit_ranges(), ElementsAre(OffsetRange{2, 3}))
      << "a restart would deliver offset 0 after offset 1";
}

}  // namespace
}  // namespace gantry::route
