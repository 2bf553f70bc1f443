// A dependency that is down is not the message's fault.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/route/engine.hpp"

namespace gantry::route {
namespace {

using std::chrono::seconds;
using testing::ElementsAre;
using testing::IsEmpty;

TEST(Unavailable, pauses_the_route_and_counts_nothing) {
  Engine engine;
  engine.assign();
  engine.offer({"a", "b"});
  engine.settle(engine.take(1), GANTRY_UNAVAILABLE);
  EXPECT_EQ(engine.take(), nullptr);
  engine.pass(seconds{1});
  engine.settle(engine.take(), GANTRY_OK);
  Claim* again = engine.take();
  ASSERT_NE(again, nullptr);
  EXPECT_THAT(offsets(*again), ElementsAre(0));
  EXPECT_EQ(again->deliveries[0]->message.attempt, 1u);
}

TEST(Unavailable, probes_with_one_message_at_a_time) {
  Engine engine{kBatches};
  engine.assign();
  engine.offer_many(10);
  engine.settle(engine.take(), GANTRY_UNAVAILABLE);
  engine.pass(seconds{1});
  EXPECT_EQ(engine.take_offsets().size(), 1u);
  EXPECT_EQ(engine.take(), nullptr);
}

TEST(Unavailable, probes_alternate_between_keys_and_keep_the_order_of_each) {
  Engine engine;
  engine.assign();
  engine.offer({"a", "a", "b", "b"});
  Offsets probed;
  for (int probe = 0; probe < 4; ++probe) {
    Claim* claim = engine.take(1);
    ASSERT_NE(claim, nullptr);
    probed.push_back(claim->deliveries[0]->message.offset);
    engine.settle(claim, GANTRY_UNAVAILABLE);
    engine.pass(seconds{15});
  }
  EXPECT_THAT(probed, ElementsAre(0, 2, 0, 2));
}

TEST(Unavailable, everything_goes_on_after_a_probe_that_succeeds) {
  Engine engine{kBatches};
  engine.assign();
  engine.offer_many(10);
  engine.settle(engine.take(), GANTRY_UNAVAILABLE);
  engine.pass(seconds{1});
  engine.settle(engine.take(), GANTRY_OK);
  EXPECT_EQ(engine.handle_all().size(), 9u);
  EXPECT_EQ(engine.commit(), 10);
}

TEST(Unavailable, a_long_outage_buries_nothing) {
  Engine engine{kBatches};
  engine.assign();
  engine.offer_many(10);
  for (int probe = 0; probe < 1000; ++probe) {
    Claim* claim = engine.take();
    ASSERT_NE(claim, nullptr);
    engine.settle(claim, GANTRY_UNAVAILABLE);
    engine.pass(seconds{15});
  }
  EXPECT_THAT(engine.letters, IsEmpty());
  EXPECT_EQ(engine.handle_all().size(), 10u);
}

TEST(Unavailable, a_message_that_stays_so_while_others_succeed_becomes_a_retry) {
  Engine engine;
  engine.assign();
  engine.offer({"bad"});
  for (int round = 0; round < 100 && engine.letters.empty(); ++round) {
    engine.offer({"good" + std::to_string(round)});
    while (Claim* claim = engine.take(1)) {
      const bool bad = claim->deliveries[0]->message.offset == 0;
      engine.settle(claim, bad ? GANTRY_UNAVAILABLE : GANTRY_OK);
    }
    engine.pass(seconds{15});
  }
  ASSERT_EQ(engine.letters.size(), 1u);
  EXPECT_EQ(engine.letters[0].delivery->message.offset, 0);
  EXPECT_EQ(engine.letters[0].cause, DeadLetterCause::exhausted);
}

TEST(Unavailable, a_probe_that_is_given_back_leaves_room_for_another) {
  Engine engine;
  engine.assign();
  engine.offer({"a"});
  engine.settle(engine.take(), GANTRY_UNAVAILABLE);
  engine.pass(seconds{1});
  Claim* probe = engine.take();
  engine.give_back(probe, 0);
  EXPECT_THAT(engine.handle_all(), ElementsAre(0));
}

TEST(Unavailable, a_probe_of_a_revoked_assignment_leaves_room_for_another) {
  Engine engine;
  engine.assign();
  engine.offer({"a"});
  engine.settle(engine.take(), GANTRY_UNAVAILABLE);
  engine.pass(seconds{1});
  Claim* probe = engine.take();
  engine.revoke();
  engine.assign();
  engine.offer({"b"});
  engine.settle(probe, GANTRY_UNAVAILABLE);
  EXPECT_THAT(engine.handle_all(), ElementsAre(0));
}

TEST(Unavailable, a_probe_that_runs_out_of_time_says_nothing_of_the_dependency) {
  Engine engine{kPending};
  engine.assign();
  engine.offer({"a", "b", "c"});
  engine.settle(engine.take(1), GANTRY_UNAVAILABLE);
  engine.pass(seconds{1});
  engine.settle(engine.take(), GANTRY_PENDING);
  engine.pass(seconds{30});  // its deadline
  engine.pass(seconds{5});   // and the grace
  EXPECT_EQ(engine.take_offsets().size(), 1u) << "one probe, not everything";
}

TEST(Unavailable, a_message_that_waits_holds_no_fetch_buffer_for_long) {
  Engine engine;
  engine.assign();
  engine.offer({"a"});
  Claim* claim = engine.take();
  for (int i = 0; i < 10'000; ++i) engine.offer({"later" + std::to_string(i)});
  engine.settle(claim, GANTRY_UNAVAILABLE);
  EXPECT_LE(engine.records.held(), 8192u);
}

}  // namespace
}  // namespace gantry::route
