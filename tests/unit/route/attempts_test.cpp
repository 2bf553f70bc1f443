// What a failing message costs: counted attempts, then a dead letter; and what the route does when
// the dead letter is not taken.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/route/engine.hpp"

namespace gantry::route {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::IsEmpty;

// Fails what is first in the queue as often as it is let.
void exhaust(Engine& engine) {
  for (int attempt = 1; attempt <= 4; ++attempt) {
    engine.settle(engine.take(1), GANTRY_RETRY);
    engine.pass(seconds{1});
  }
}

TEST(Attempts, are_counted_on_the_message_and_told_to_the_handler) {
  Engine engine;
  engine.assign();
  engine.offer({"a"});
  for (std::uint32_t attempt = 1; attempt <= 4; ++attempt) {
    Claim* claim = engine.take();
    ASSERT_NE(claim, nullptr);
    EXPECT_EQ(claim->deliveries[0]->message.attempt, attempt);
    engine.settle(claim, GANTRY_RETRY);
    engine.pass(seconds{1});
  }
  ASSERT_EQ(engine.letters.size(), 1u);
  EXPECT_EQ(engine.letters[0].cause, DeadLetterCause::exhausted);
  EXPECT_EQ(engine.letters[0].delivery->attempts, 4u);
}

TEST(Attempts, a_message_that_works_at_last_leaves_no_dead_letter) {
  Engine engine;
  engine.assign();
  engine.offer({"a"});
  for (int attempt = 1; attempt < 4; ++attempt) {
    engine.settle(engine.take(), GANTRY_RETRY);
    engine.pass(seconds{1});
  }
  engine.handle_all();
  EXPECT_THAT(engine.letters, IsEmpty());
  EXPECT_EQ(engine.commit(), 1);
}

TEST(Attempts, wait_for_the_back_off) {
  Engine engine;
  engine.assign();
  engine.offer({"a"});
  engine.settle(engine.take(), GANTRY_RETRY);
  engine.pass(milliseconds{999});
  EXPECT_EQ(engine.take(), nullptr);
  EXPECT_EQ(engine.dispatcher.next_due(), engine.now + milliseconds{1});
  engine.pass(milliseconds{1});
  EXPECT_NE(engine.take(), nullptr);
}

TEST(Attempts, wait_longer_when_the_handler_asks_for_it) {
  Engine engine;
  engine.assign();
  engine.offer({"a"});
  engine.settle(engine.take(), GANTRY_RETRY, 5000);
  engine.pass(milliseconds{4999});
  EXPECT_EQ(engine.take(), nullptr);
  engine.pass(milliseconds{1});
  EXPECT_NE(engine.take(), nullptr);
}

TEST(Attempts, tell_the_handler_how_long_it_has) {
  Engine engine;
  engine.assign();
  engine.offer({"a"});
  EXPECT_EQ(engine.take()->deliveries[0]->message.deadline_ms, 30'000u);
}

TEST(DeadLetters, a_rejected_message_is_buried_at_once) {
  Engine engine;
  engine.assign();
  engine.offer({"a"});
  engine.settle(engine.take(), GANTRY_REJECT);
  ASSERT_EQ(engine.letters.size(), 1u);
  EXPECT_EQ(engine.letters[0].cause, DeadLetterCause::rejected);
  EXPECT_EQ(engine.letters[0].delivery->attempts, 1u);
}

TEST(DeadLetters, the_key_goes_on_at_once_and_the_frontier_waits_for_the_acknowledgement) {
  Engine engine;
  engine.assign();
  engine.offer({"a", "a"});
  engine.settle(engine.take(1), GANTRY_REJECT);
  EXPECT_THAT(engine.handle_all(), ElementsAre(1));
  EXPECT_EQ(engine.commit(), -1);
  EXPECT_FALSE(engine.dispatcher.idle());
  engine.acknowledge();
  EXPECT_EQ(engine.commit(), 2);
  EXPECT_TRUE(engine.dispatcher.idle());
}

TEST(DeadLetters, hold_no_fetched_message) {
  Engine engine;
  engine.assign();
  engine.offer({"a"});
  engine.settle(engine.take(), GANTRY_REJECT);
  EXPECT_EQ(engine.records.held(), 0u);
  const gantry_message& message = engine.letters[0].delivery->message;
  EXPECT_EQ(std::string(message.topic.data, message.topic.size), "trace-topic");
  EXPECT_EQ(std::string(message.headers[0].name.data, message.headers[0].name.size), "header");
}

TEST(DeadLetters, have_the_headers_that_their_handler_does_not_look_at) {
  Engine engine;
  engine.assign();
  Delivery* delivery = engine.dispatcher.acquire();
  engine.records.fill(*delivery, "trace-topic", 0, 0, "a", 10);
  const std::vector<gantry_header> of_record = std::exchange(delivery->headers, {});
  delivery->message.headers = nullptr;
  delivery->message.header_count = 0;
  const std::uint32_t exactly = std::exchange(delivery->bytes, 11);  // of key and value
  delivery->unread = {[](const void* record, std::vector<gantry_header>& into) {
                        into = *static_cast<const std::vector<gantry_header>*>(record);
                      },
                      &of_record};
  Effects effects;
  engine.dispatcher.offer(engine.partitions.at(0), {&delivery, 1}, effects);
  Claim* claim = engine.take();
  EXPECT_EQ(claim->deliveries[0]->message.header_count, 0u);
  engine.settle(claim, GANTRY_REJECT);
  EXPECT_EQ(engine.records.held(), 0u);
  EXPECT_EQ(engine.letters[0].delivery->bytes, exactly) << "its memory is counted with them";
  const gantry_message& message = engine.letters[0].delivery->message;
  ASSERT_EQ(message.header_count, 1u);
  EXPECT_EQ(std::string(message.headers[0].name.data, message.headers[0].name.size), "header");
}

TEST(DeadLetters, the_route_holds_while_one_is_not_taken_and_goes_on_by_itself) {
  Engine engine;
  engine.assign();
  engine.offer({"a", "b"});
  engine.settle(engine.take(1), GANTRY_REJECT);
  engine.refuse();
  EXPECT_EQ(engine.take(), nullptr);
  EXPECT_EQ(engine.dispatcher.status().dead_letter_error, "no leader");
  EXPECT_THAT(engine.letters, IsEmpty());
  engine.pass(seconds{1});
  ASSERT_EQ(engine.letters.size(), 1u);
  EXPECT_EQ(engine.take(), nullptr) << "it is only sent again, not acknowledged";
  engine.acknowledge();
  EXPECT_THAT(engine.handle_all(), ElementsAre(1));
  EXPECT_EQ(engine.commit(), 2);
}

TEST(DeadLetters, the_route_holds_until_the_last_refused_one_is_taken) {
  Engine engine;
  engine.assign();
  engine.offer({"a", "b", "c"});
  engine.settle_each(engine.take(2), {GANTRY_REJECT, GANTRY_REJECT});
  engine.refuse(0);
  engine.acknowledge(0);  // that of b, sent before
  EXPECT_EQ(engine.take(), nullptr);
  EXPECT_FALSE(engine.dispatcher.status().dead_letter_error.empty());
  engine.pass(seconds{1});
  engine.acknowledge();
  EXPECT_THAT(engine.handle_all(), ElementsAre(2));
}

TEST(DeadLetters, one_that_is_refused_again_goes_on_holding) {
  Engine engine;
  engine.assign();
  engine.offer({"a", "b"});
  engine.settle(engine.take(1), GANTRY_REJECT);
  for (int i = 0; i < 5; ++i) {
    engine.refuse();
    EXPECT_EQ(engine.take(), nullptr);
    engine.pass(seconds{1});
  }
  engine.acknowledge();
  EXPECT_NE(engine.take(), nullptr);
}

TEST(DeadLetters, an_exhausted_message_delays_its_key_only_by_its_own_attempts) {
  Engine engine;
  engine.assign();
  engine.offer({"a", "a"});
  exhaust(engine);
  EXPECT_EQ(engine.letters.size(), 1u);
  EXPECT_THAT(engine.handle_all(), ElementsAre(1));
}

TEST(DeadLetters, one_of_a_revoked_assignment_no_longer_holds_the_route) {
  Engine engine;
  engine.assign();
  engine.offer({"a"});
  engine.settle(engine.take(), GANTRY_REJECT);
  engine.refuse();
  engine.revoke();
  engine.assign();
  engine.offer({"a"});
  EXPECT_THAT(engine.handle_all(), ElementsAre(0));
}

TEST(DeadLetters, one_that_was_on_its_way_when_its_partition_was_revoked_moves_no_frontier) {
  Engine engine;
  engine.assign();
  engine.offer({"a", "b"});
  engine.settle(engine.take(1), GANTRY_REJECT);
  engine.revoke();
  engine.assign();
  engine.offer({"a", "b"});
  engine.acknowledge();
  EXPECT_EQ(engine.commit(), -1);
  EXPECT_THAT(engine.handle_all(), ElementsAre(0, 1));
}

TEST(DeadLetters, an_old_one_that_is_acknowledged_late_does_not_end_a_new_hold) {
  Engine engine;
  engine.assign();
  engine.offer({"a"});
  engine.settle(engine.take(), GANTRY_REJECT);  // stays on its way
  engine.revoke();
  engine.assign();
  engine.offer({"a", "b"});
  engine.settle(engine.take(1), GANTRY_REJECT);
  engine.refuse(1);
  engine.acknowledge(0);
  EXPECT_EQ(engine.take(), nullptr);
}

}  // namespace
}  // namespace gantry::route
