// What handlers publish: sent when its message is settled ok and dropped otherwise, in the order of
// each key whatever fails, and no offset moves on before it has got through.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/route/engine.hpp"

namespace gantry::route {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class Publishing : public testing::Test {
 protected:
  Publishing() { engine_.assign(); }

  // The next message is handled and publishes a record of this key, and of its offset as value.
  void handle(std::optional<std::string> key, gantry_verdict verdict = GANTRY_OK) {
    engine_.offer({key});
    handle_next(key, verdict);
  }
  void handle_next(std::optional<std::string> key, gantry_verdict verdict = GANTRY_OK) {
    Claim* claim = engine_.take(1);
    ASSERT_NE(claim, nullptr);
    ASSERT_EQ(engine_.publish(claim, 0, key, std::to_string(offsets(*claim)[0])), GANTRY_DONE);
    engine_.settle(claim, verdict);
  }
  bool holds() { return !engine_.dispatcher.status().publish_error.empty(); }

  Engine engine_;
};

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

TEST_F(Publishing, is_sent_again_in_the_order_of_its_key_after_a_failure) {
  for (int i = 0; i < 3; ++i) handle("a");
  engine_.fail();
  engine_.fail();
  EXPECT_THAT(engine_.in_flight(), ElementsAre("2"));
  engine_.fail();
  EXPECT_THAT(engine_.flying, IsEmpty()) << "before the back-off";
  engine_.pass(SendOrder::kFirstBackoff);
  EXPECT_THAT(engine_.in_flight(), ElementsAre("0")) << "one at a time until one has got through";
  engine_.get_through();
  EXPECT_THAT(engine_.in_flight(), ElementsAre("1", "2"));
  EXPECT_EQ(engine_.commit(), 1);
}

TEST_F(Publishing, waits_for_everything_of_its_key_to_come_back_before_it_is_sent_again) {
  handle("a");
  handle("a");
  engine_.fail(1);
  engine_.pass(seconds{1});
  EXPECT_THAT(engine_.in_flight(), ElementsAre("0"));
  engine_.get_through();
  EXPECT_THAT(engine_.in_flight(), ElementsAre("1"));
}

TEST_F(Publishing, that_fails_makes_the_route_hold_until_it_has_got_through) {
  engine_.offer({"a", "b"});
  handle_next("a");
  engine_.fail();
  EXPECT_THAT(engine_.dispatcher.status().publish_error, HasSubstr("topic \"out\": no leader"));
  EXPECT_EQ(engine_.take(), nullptr);
  engine_.pass(seconds{1});
  engine_.get_through();
  EXPECT_FALSE(holds());
  EXPECT_THAT(engine_.handle_all(), ElementsAre(1));
}

TEST_F(Publishing, that_fails_again_and_again_is_never_given_up) {
  handle("a");
  for (int i = 0; i < 100; ++i) {
    ASSERT_THAT(engine_.in_flight(), ElementsAre("0"));
    engine_.fail();
    engine_.pass(SendOrder::kLastBackoff);
  }
  engine_.get_through();
  EXPECT_EQ(engine_.commit(), 1);
  EXPECT_THAT(engine_.letters, IsEmpty());
}

TEST_F(Publishing, of_many_keys_in_trouble_asks_with_one_and_then_goes_on_with_all) {
  for (const char* key : {"a", "b", "c", "d"}) handle(key);
  for (int i = 0; i < 4; ++i) engine_.fail();
  engine_.pass(SendOrder::kFirstBackoff);
  EXPECT_THAT(engine_.in_flight(), ElementsAre("0"));
  engine_.fail();
  engine_.pass(SendOrder::kLastBackoff);
  EXPECT_THAT(engine_.in_flight(), ElementsAre("1")) << "another one asks the next time";
  engine_.get_through();
  EXPECT_THAT(engine_.in_flight(), testing::UnorderedElementsAre("0", "2", "3"));
}

TEST_F(Publishing, without_a_key_goes_out_whatever_else_waits) {
  handle(std::nullopt);
  engine_.offer({std::nullopt});
  Claim* claim = engine_.take();
  engine_.publish(claim, 0, std::nullopt, "1");
  engine_.fail();
  engine_.settle(claim, GANTRY_OK);
  EXPECT_THAT(engine_.in_flight(), ElementsAre("1"));
}

TEST_F(Publishing, that_is_refused_for_good_becomes_a_dead_letter_and_its_key_goes_on) {
  handle("a");
  engine_.refuse_record();
  ASSERT_THAT(engine_.letters, SizeIs(1));
  const DeadLetterJob& letter = engine_.letters[0];
  EXPECT_EQ(letter.cause, DeadLetterCause::send_failed);
  EXPECT_EQ(letter.outcome.reason, "MSG_SIZE_TOO_LARGE: too large");
  EXPECT_EQ(letter.outcome.error_class, "MSG_SIZE_TOO_LARGE");
  ASSERT_NE(letter.record, nullptr);
  EXPECT_EQ(letter.record->record.value, "0");
  EXPECT_FALSE(holds());
  handle("a");
  EXPECT_THAT(engine_.in_flight(), ElementsAre("1"));
  engine_.get_through();
  EXPECT_EQ(engine_.commit(), -1) << "before its dead letter is acknowledged";
  engine_.refuse();
  EXPECT_EQ(engine_.take(), nullptr);
  engine_.pass(seconds{1});
  engine_.acknowledge();
  EXPECT_EQ(engine_.commit(), 2);
}

TEST_F(Publishing, that_is_suspected_goes_again_alone) {
  for (int i = 0; i < 3; ++i) handle("a");
  engine_.fail(0, true);
  engine_.fail(0, true);
  engine_.fail();
  engine_.pass(seconds{1});
  ASSERT_THAT(engine_.in_flight(), ElementsAre("0"));
  EXPECT_TRUE(engine_.flying[0]->record.alone);
  engine_.get_through();
  ASSERT_THAT(engine_.in_flight(), ElementsAre("1"));
  EXPECT_TRUE(engine_.flying[0]->record.alone);
  engine_.refuse_record();
  EXPECT_THAT(engine_.in_flight(), ElementsAre("2"));
  EXPECT_FALSE(engine_.flying[0]->record.alone);
}

TEST_F(Publishing, that_is_too_old_has_the_publisher_recalled_once_a_second) {
  handle("a");
  engine_.pass(SendOrder::kRecallAfter - milliseconds{1});
  EXPECT_FALSE(engine_.recalled);
  engine_.pass(milliseconds{1});
  EXPECT_TRUE(std::exchange(engine_.recalled, false));
  engine_.pass(milliseconds{500});
  EXPECT_FALSE(engine_.recalled);
  engine_.pass(milliseconds{500});
  EXPECT_TRUE(engine_.recalled);
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

// ---- for requests, whose clients wait

class PublishingForRequests : public testing::Test {
 protected:
  PublishingForRequests() : engine_(kOneByOne, http_route()) { engine_.assign(); }
  static config::Route http_route() {
    config::Route route = make_route();
    route.topics.clear();
    route.http = config::HttpSource{"POST", "/payments", ""};
    return route;
  }
  void handle(const char* value) {
    engine_.offer({std::nullopt});
    Claim* claim = engine_.take(1);
    ASSERT_NE(claim, nullptr);
    engine_.publish(claim, 0, "k", value);
    engine_.settle(claim, GANTRY_OK);
  }
  Engine engine_;
};

TEST_F(PublishingForRequests, lets_the_answer_wait_until_all_of_it_has_got_through) {
  handle("v");
  EXPECT_EQ(engine_.succeeded, 0u);
  engine_.get_through();
  EXPECT_EQ(engine_.succeeded, 1u);
}

TEST_F(PublishingForRequests, that_is_refused_for_good_is_the_answer_of_its_request_alone) {
  handle("bad");
  handle("good");
  engine_.refuse_record();
  engine_.get_through();
  EXPECT_EQ(engine_.succeeded, 1u);
  ASSERT_THAT(engine_.letters, SizeIs(1));
  EXPECT_EQ(engine_.letters[0].cause, DeadLetterCause::send_failed);
  engine_.acknowledge();
  EXPECT_EQ(engine_.succeeded, 1u);
  EXPECT_EQ(engine_.dispatcher.status().availability, Availability::State::open);
}

TEST_F(PublishingForRequests, that_fails_at_first_goes_again) {
  handle("v");
  engine_.fail();
  engine_.pass(seconds{1});
  engine_.get_through();
  EXPECT_EQ(engine_.succeeded, 1u);
}

TEST_F(PublishingForRequests, that_fails_for_long_is_given_up_and_requests_are_told_to_wait) {
  handle("v");
  engine_.offer({std::nullopt});
  engine_.pass(SendOrder::kRecallAfter);
  engine_.fail();
  ASSERT_THAT(engine_.letters, SizeIs(2));
  for (const DeadLetterJob& letter : engine_.letters) {
    EXPECT_EQ(letter.cause, DeadLetterCause::unavailable);
    EXPECT_EQ(letter.outcome.reason, "no leader");
    EXPECT_GT(letter.outcome.retry_after_ms, 0u);
  }
  engine_.pass(seconds{60});
  EXPECT_THAT(engine_.flying, IsEmpty());
}

TEST_F(PublishingForRequests, that_works_again_lets_the_others_in) {
  handle("v");
  engine_.pass(SendOrder::kRecallAfter);
  engine_.fail();
  engine_.pass(seconds{1});
  handle("probe");
  engine_.offer({std::nullopt});
  EXPECT_EQ(engine_.take(), nullptr) << "the probe's record is still on its way";
  engine_.get_through();
  EXPECT_EQ(engine_.succeeded, 1u);
  EXPECT_EQ(engine_.dispatcher.status().availability, Availability::State::open);
}

TEST_F(PublishingForRequests, at_the_end_of_the_route_is_no_success) {
  handle("v");
  engine_.revoke();
  engine_.get_through();
  EXPECT_EQ(engine_.succeeded, 0u);
}

// ---- memory

config::Route cramped(std::int64_t bytes) {
  config::Route route = make_route();
  route.parked_max_bytes = bytes;
  return route;
}

TEST(PublishingRoom, has_nothing_new_handed_out_when_half_of_it_is_taken) {
  Engine engine(kOneByOne, cramped(100'000));
  engine.assign();
  engine.offer({"a", "b"});
  Claim* claim = engine.take(1);
  engine.publish(claim, 0, "k", std::string(60'000, 'x'));
  engine.settle(claim, GANTRY_OK);
  EXPECT_EQ(engine.take(), nullptr);
  engine.get_through();
  EXPECT_NE(engine.take(), nullptr);
}

TEST(PublishingRoom, that_is_full_makes_a_message_wait_and_counts_nothing) {
  Engine engine(kBatches, cramped(100'000));
  engine.assign();
  engine.offer({"a", "b", "c"});
  Claim* claim = engine.take();
  const std::string large(60'000, 'x');
  EXPECT_EQ(engine.publish(claim, 0, "k", large), GANTRY_DONE);
  EXPECT_EQ(engine.publish(claim, 1, "k", large), GANTRY_DONE) << "one may go beyond the bound";
  EXPECT_EQ(engine.publish(claim, 2, "k", large), GANTRY_FULL);
  engine.settle_each(claim, {GANTRY_OK, GANTRY_OK, GANTRY_UNAVAILABLE});
  EXPECT_EQ(engine.dispatcher.status().availability, Availability::State::open);
  EXPECT_EQ(engine.take(), nullptr);
  engine.get_through();
  engine.get_through();
  claim = engine.take();
  ASSERT_NE(claim, nullptr);
  EXPECT_THAT(offsets(*claim), ElementsAre(2));
  EXPECT_EQ(claim->deliveries[0]->message.attempt, 1u);
  EXPECT_EQ(engine.publish(claim, 0, "k", large), GANTRY_DONE);
}

TEST(PublishingRoom, that_is_too_small_for_a_batch_which_fails_together_takes_it_in_parts) {
  Engine engine(kBatches, cramped(100'000));
  engine.assign();
  engine.offer_many(16);
  const std::string large(20'000, 'x');
  std::size_t handled = 0;
  for (int calls = 0; handled < 16 && calls < 100; ++calls) {
    Claim* claim = engine.take();
    ASSERT_NE(claim, nullptr) << calls;
    bool full = false;
    for (std::size_t i = 0; i < claim->size(); ++i)
      full |= engine.publish(claim, i, "k", large) == GANTRY_FULL;
    if (!full) handled += claim->size();
    engine.settle(claim, full ? GANTRY_UNAVAILABLE : GANTRY_OK);
    while (!engine.flying.empty()) engine.get_through();
  }
  EXPECT_EQ(engine.commit(), 16);
  EXPECT_THAT(engine.letters, IsEmpty());
}

TEST(PublishingRoom, is_never_too_small_for_one_message) {
  Engine engine(kOneByOne, cramped(1000));
  engine.assign();
  engine.offer({"a"});
  Claim* claim = engine.take();
  for (int i = 0; i < 100; ++i)
    EXPECT_EQ(engine.publish(claim, 0, "k", std::string(500, 'x')), GANTRY_DONE);
  engine.settle(claim, GANTRY_OK);
  while (!engine.flying.empty()) engine.get_through();
  EXPECT_EQ(engine.commit(), 1);
}

}  // namespace
}  // namespace gantry::route
