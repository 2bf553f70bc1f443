// What is published and does not get through at first, or never will.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/route/publishing.hpp"

namespace gantry::route {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

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

TEST_F(Publishing, that_is_refused_for_good_leaves_a_copy_of_its_message_to_the_dead_letter) {
  handle("a");
  engine_.refuse_record();
  ASSERT_THAT(engine_.letters, SizeIs(1));
  EXPECT_EQ(engine_.records.held(), 0u) << "it is read without the mutex, and may be aged beside";
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

}  // namespace
}  // namespace gantry::route
