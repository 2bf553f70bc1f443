// Messages that a handler leaves pending: settled by slot, late, twice or never.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/route/engine.hpp"

namespace gantry::route {
namespace {

using std::chrono::seconds;
using testing::ElementsAre;
using testing::IsEmpty;

// One pending message of key "a" with another behind it.
class Pending : public testing::Test {
 protected:
  Pending() {
    engine_.assign();
    engine_.offer({"a", "a"});
    claim_ = engine_.take();
    slot_ = slot_of(claim_);
    message_ = &claim_->deliveries[0]->message;
    engine_.settle(claim_, GANTRY_PENDING);
  }

  Engine engine_{kPending};
  Claim* claim_;
  gantry_slot slot_;
  const gantry_message* message_;
};

TEST_F(Pending, its_key_waits_and_goes_on_when_it_is_settled) {
  EXPECT_EQ(engine_.take(), nullptr);
  EXPECT_TRUE(engine_.settle_slot(slot_, GANTRY_OK));
  EXPECT_EQ(engine_.commit(), 1);
  EXPECT_THAT(engine_.handle_all(), ElementsAre(1));
}

TEST_F(Pending, a_second_settle_is_refused) {
  EXPECT_TRUE(engine_.settle_slot(slot_, GANTRY_OK));
  EXPECT_FALSE(engine_.settle_slot(slot_, GANTRY_REJECT));
  EXPECT_THAT(engine_.letters, IsEmpty());
}

TEST_F(Pending, a_foreign_slot_is_refused) {
  EXPECT_FALSE(engine_.settle_slot(slot_ + 1'000'000, GANTRY_OK));
  EXPECT_FALSE(engine_.settle_slot(0, GANTRY_OK));
}

TEST_F(Pending, may_fail_later) {
  EXPECT_TRUE(engine_.settle_slot(slot_, GANTRY_RETRY));
  EXPECT_EQ(engine_.take(), nullptr);
  engine_.pass(seconds{1});
  EXPECT_THAT(engine_.handle_all(), ElementsAre(0, 1));
}

TEST_F(Pending, may_be_rejected_later) {
  EXPECT_TRUE(engine_.settle_slot(slot_, GANTRY_REJECT));
  EXPECT_EQ(engine_.letters.size(), 1u);
  EXPECT_THAT(engine_.handle_all(), ElementsAre(1));
}

TEST_F(Pending, may_be_unavailable_later) {
  EXPECT_TRUE(engine_.settle_slot(slot_, GANTRY_UNAVAILABLE));
  EXPECT_EQ(engine_.take(), nullptr);
  engine_.pass(seconds{1});
  EXPECT_THAT(engine_.handle_all(), ElementsAre(0, 1));
}

TEST_F(Pending, holds_no_fetch_buffer) { EXPECT_EQ(engine_.records.held(), 0u); }

TEST_F(Pending, the_handler_is_told_to_hurry_at_the_deadline_and_the_key_still_waits) {
  engine_.pass(seconds{29});
  EXPECT_THAT(engine_.cancelled, IsEmpty());
  engine_.pass(seconds{1});
  EXPECT_THAT(engine_.cancelled, ElementsAre(slot_));
  EXPECT_EQ(engine_.take(), nullptr);
}

TEST_F(Pending, a_settle_after_the_deadline_is_refused_and_frees_the_key_for_a_retry) {
  engine_.pass(seconds{30});
  EXPECT_FALSE(engine_.settle_slot(slot_, GANTRY_OK));
  EXPECT_EQ(engine_.commit(), -1);
  engine_.pass(seconds{1});
  Claim* again = engine_.take();
  ASSERT_NE(again, nullptr);
  EXPECT_EQ(again->deliveries[0]->message.offset, 0);
  EXPECT_EQ(again->deliveries[0]->message.attempt, 2u);
}

TEST_F(Pending, after_the_grace_the_key_goes_on_with_a_copy_and_the_handler_keeps_the_original) {
  engine_.pass(seconds{30});
  engine_.pass(seconds{5});
  engine_.pass(seconds{1});
  Claim* again = engine_.take();
  ASSERT_NE(again, nullptr);
  const gantry_message& copy = again->deliveries[0]->message;
  EXPECT_EQ(copy.offset, 0);
  EXPECT_EQ(copy.attempt, 2u);
  EXPECT_NE(copy.slot, slot_);
  EXPECT_NE(copy.value.data, message_->value.data);
  EXPECT_EQ(std::string(reinterpret_cast<const char*>(message_->value.data), message_->value.size),
            "vvvvvvvv");
  EXPECT_EQ(std::string(copy.headers[0].name.data, copy.headers[0].name.size), "header");
  EXPECT_FALSE(engine_.settle_slot(slot_, GANTRY_OK)) << "too late";
  engine_.settle(again, GANTRY_OK);
  EXPECT_EQ(engine_.commit(), 1);
}

TEST_F(Pending, a_message_that_never_comes_back_is_buried_after_its_attempts) {
  for (int attempt = 2; attempt <= 4; ++attempt) {
    engine_.pass(seconds{30});
    engine_.pass(seconds{5});
    engine_.pass(seconds{1});
    Claim* again = engine_.take();
    ASSERT_NE(again, nullptr);
    engine_.settle(again, GANTRY_PENDING);
  }
  engine_.pass(seconds{30});
  engine_.pass(seconds{5});
  ASSERT_EQ(engine_.letters.size(), 1u);
  EXPECT_EQ(engine_.letters[0].outcome.error_class, "deadline");
  EXPECT_THAT(engine_.handle_all(), ElementsAre(1));
}

TEST_F(Pending, what_was_abandoned_still_counts_against_max_pending) {
  EXPECT_EQ(engine_.dispatcher.status().abandoned, 0u);
  engine_.pass(seconds{30});
  engine_.pass(seconds{5});
  EXPECT_EQ(engine_.dispatcher.status().abandoned, 1u);
  engine_.settle_slot(slot_, GANTRY_OK);
  EXPECT_EQ(engine_.dispatcher.status().abandoned, 0u);
}

TEST(PendingMessages, a_settle_during_the_call_stands_against_the_rest) {
  Engine engine{kPending};
  engine.assign();
  engine.offer({"a", "b"});
  Claim* claim = engine.take();
  EXPECT_TRUE(engine.settle_slot(slot_of(claim, 1), GANTRY_REJECT));
  EXPECT_FALSE(engine.settle_slot(slot_of(claim, 1), GANTRY_OK)) << "twice";
  EXPECT_THAT(engine.letters, IsEmpty()) << "the handler is still reading it";
  engine.settle(claim, GANTRY_PENDING);
  EXPECT_EQ(engine.letters.size(), 1u);
  EXPECT_EQ(engine.dispatcher.status().pending, 1u);
}

TEST(PendingMessages, max_pending_bounds_what_is_handed_out) {
  config::Route route = make_route();
  route.max_pending = 3;
  Engine engine{kPending, route};
  engine.assign();
  engine.offer_many(10);
  Claim* claim = engine.take(2);
  engine.settle(claim, GANTRY_PENDING);
  Claim* second = engine.take();
  EXPECT_EQ(second->size(), 1u);
  EXPECT_EQ(engine.take(), nullptr);
  const gantry_slot slot = slot_of(second);
  engine.settle(second, GANTRY_PENDING);
  EXPECT_EQ(engine.take(), nullptr);
  engine.settle_slot(slot, GANTRY_OK);
  EXPECT_EQ(engine.take_offsets().size(), 1u);
}

TEST(PendingMessages, max_pending_bounds_what_a_handler_never_lets_go_of) {
  config::Route route = make_route();
  route.max_pending = 2;
  Engine engine{kPending, route};
  engine.assign();
  engine.offer_many(10);
  Claim* claim = engine.take();
  const gantry_slot slot = slot_of(claim);
  engine.settle(claim, GANTRY_PENDING);
  engine.pass(seconds{30});
  engine.pass(seconds{5});
  EXPECT_EQ(engine.take(), nullptr) << "its memory is still lent";
  engine.settle_slot(slot, GANTRY_OK);
  EXPECT_EQ(engine.take_offsets().size(), 1u);
}

TEST(PendingMessages, a_batch_left_pending_settles_in_any_order) {
  Engine engine{kPending};
  engine.assign();
  engine.offer_many(5);
  Claim* claim = engine.take();
  std::vector<gantry_slot> slots;
  for (std::size_t i = 0; i < 5; ++i) slots.push_back(slot_of(claim, i));
  engine.settle(claim, GANTRY_PENDING);
  for (const std::size_t i : {4u, 2u, 3u, 1u}) engine.settle_slot(slots[i], GANTRY_OK);
  EXPECT_EQ(engine.commit(), 0);
  engine.settle_slot(slots[0], GANTRY_OK);
  EXPECT_EQ(engine.commit(), 5);
}

TEST(PendingMessages, one_slow_message_among_many_keeps_no_timers_of_the_others) {
  Engine engine{kPending};
  engine.assign();
  engine.offer({"slow"});
  Claim* slow = engine.take();
  const gantry_slot slow_slot = slot_of(slow);
  engine.settle(slow, GANTRY_PENDING);
  for (int i = 0; i < 20'000; ++i) {
    engine.offer({"a"});
    Claim* claim = engine.take();
    const gantry_slot slot = slot_of(claim);
    engine.settle(claim, GANTRY_PENDING);
    engine.settle_slot(slot, GANTRY_OK);
  }
  engine.settle_slot(slow_slot, GANTRY_OK);
  EXPECT_LE(engine.dispatcher.status().timers, 2048u);
}

}  // namespace
}  // namespace gantry::route
