// Messages that are suspected of having crashed the process: handled alone, and dead-lettered when
// that crashed it too often.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/route/engine.hpp"

namespace gantry::route {
namespace {

using Handing = Dispatcher::Handing;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

AwaitedSuspect suspect(std::int64_t offset, std::uint32_t crashes = 0) {
  return {.offset = offset,
          .timestamp_ms = 0,
          .crashes = crashes,
          .number = static_cast<std::uint32_t>(100 + offset)};
}

TEST(Suspects, wait_while_all_others_are_handed_out) {
  Engine engine{kBatches};
  engine.assign(0, 0, {}, {suspect(1), suspect(3)});
  engine.offer({"a", "b", "c", "d", "b"});
  EXPECT_FALSE(engine.dispatcher.wants_turn());
  EXPECT_THAT(engine.handle_all(), ElementsAre(0, 2)) << "b waits behind its suspect";
  EXPECT_TRUE(engine.dispatcher.wants_turn());
}

TEST(Suspects, are_handed_out_one_by_one_in_their_turn) {
  Engine engine{kBatches};
  engine.assign(0, 0, {}, {suspect(0), suspect(1)});
  engine.offer({"a", "b", "c"});
  engine.handle_all();
  engine.dispatcher.set_handing(Handing::suspects);
  Claim* first = engine.take();
  EXPECT_THAT(offsets(*first), ElementsAre(0));
  EXPECT_EQ(engine.take(), nullptr) << "the first is still in a handler's hands";
  engine.settle(first, GANTRY_OK);
  EXPECT_THAT(engine.take_offsets(), ElementsAre(1));
}

TEST(Suspects, wait_while_nothing_is_handed_out) {
  Engine engine;
  engine.assign(0, 0, {}, {suspect(1)});
  engine.offer({"a", "b", "c", "d"});
  engine.take(1);
  EXPECT_THAT(engine.take_offsets(1), ElementsAre(2));
  engine.dispatcher.set_handing(Handing::nothing);
  EXPECT_EQ(engine.take(), nullptr);
  EXPECT_TRUE(engine.dispatcher.wants_turn());
}

TEST(Suspects, are_not_held_up_by_a_handler_that_keeps_another_message) {
  Engine engine;
  engine.assign(0, 0, {}, {suspect(1)});
  engine.offer({"a", "b"});
  Claim* kept = engine.take(1);
  engine.dispatcher.set_handing(Handing::suspects);
  EXPECT_THAT(engine.take_offsets(), ElementsAre(1));
  engine.settle(kept, GANTRY_OK);
}

TEST(Suspects, want_no_turn_while_one_of_them_is_kept) {
  Engine engine;
  engine.assign(0, 0, {}, {suspect(0), suspect(1)});
  engine.offer({"a", "b"});
  engine.dispatcher.set_handing(Handing::suspects);
  Claim* kept = engine.take();
  engine.dispatcher.set_handing(Handing::all);
  EXPECT_EQ(engine.take(), nullptr);
  EXPECT_FALSE(engine.dispatcher.wants_turn());
  engine.settle(kept, GANTRY_OK);
  EXPECT_TRUE(engine.dispatcher.wants_turn());
}

TEST(Suspects, keep_the_order_of_their_key) {
  Engine engine;
  engine.assign(0, 0, {}, {suspect(1)});
  engine.offer({"a", "a", "a"});
  EXPECT_THAT(engine.handle_all(), ElementsAre(0));
  engine.dispatcher.set_handing(Handing::suspects);
  EXPECT_THAT(engine.handle_all(), ElementsAre(1));
  engine.dispatcher.set_handing(Handing::all);
  EXPECT_THAT(engine.handle_all(), ElementsAre(2));
  EXPECT_EQ(engine.commit(), 3);
}

TEST(Suspects, of_any_kind_of_handler_never_share_a_batch) {
  for (const HandlerTraits& traits : {kOneByOne, kBatches, kOrderedBatches, kPending}) {
    Engine engine{traits};
    engine.assign(0, 0, {}, {suspect(0), suspect(2)});
    engine.offer({"a", "a", "a", "b"});
    engine.handle_all();
    engine.dispatcher.set_handing(Handing::suspects);
    EXPECT_THAT(engine.handle_all(), ElementsAre(0));
    engine.dispatcher.set_handing(Handing::all);
    EXPECT_THAT(engine.handle_all(), ElementsAre(1));
    engine.dispatcher.set_handing(Handing::suspects);
    EXPECT_THAT(engine.handle_all(), ElementsAre(2));
  }
}

TEST(Suspects, are_cleared_when_they_are_settled) {
  Engine engine;
  engine.assign(0, 0, {}, {suspect(0)});
  engine.offer({"a"});
  EXPECT_EQ(engine.take(), nullptr);
  engine.dispatcher.set_handing(Handing::suspects);
  Claim* alone = engine.take();
  EXPECT_THAT(engine.cleared, IsEmpty());
  engine.settle(alone, GANTRY_OK);
  EXPECT_THAT(engine.cleared, ElementsAre(100u));
}

TEST(Suspects, that_fail_are_tried_alone_again) {
  Engine engine;
  engine.assign(0, 0, {}, {suspect(0)});
  engine.offer({"a"});
  engine.dispatcher.set_handing(Handing::suspects);
  engine.settle(engine.take(), GANTRY_RETRY);
  EXPECT_THAT(engine.cleared, IsEmpty());
  engine.dispatcher.set_handing(Handing::all);
  engine.pass(seconds{1});
  EXPECT_EQ(engine.take(), nullptr);
  EXPECT_TRUE(engine.dispatcher.wants_turn());
  engine.dispatcher.set_handing(Handing::suspects);
  EXPECT_THAT(engine.handle_all(), ElementsAre(0));
}

TEST(Suspects, of_a_dependency_that_is_down_want_no_turn) {
  Engine engine;
  engine.assign(0, 0, {}, {suspect(0), suspect(1)});
  engine.offer({"a", "b"});
  engine.dispatcher.set_handing(Handing::suspects);
  engine.settle(engine.take(), GANTRY_UNAVAILABLE);
  EXPECT_FALSE(engine.dispatcher.wants_turn());
  engine.pass(seconds{10});
  EXPECT_TRUE(engine.dispatcher.wants_turn()) << "one may ask whether it is back";
}

TEST(Suspects, that_crashed_the_process_too_often_become_dead_letters_without_another_call) {
  Engine engine;
  engine.assign(0, 0, {}, {suspect(1, 3)});
  engine.offer({"a", "b", "b", "c"});
  ASSERT_EQ(engine.letters.size(), 1u);
  EXPECT_EQ(engine.letters[0].cause, DeadLetterCause::crashed);
  EXPECT_EQ(engine.letters[0].delivery->message.offset, 1);
  EXPECT_EQ(engine.letters[0].delivery->attempts, 3u);
  EXPECT_THAT(engine.handle_all(), UnorderedElementsAre(0, 2, 3));
  EXPECT_EQ(engine.commit(), 1);
  engine.acknowledge();
  EXPECT_EQ(engine.commit(), 4);
}

TEST(Suspects, that_became_dead_letters_are_known_until_they_are_committed) {
  Engine engine;
  engine.assign(0, 0, {}, {suspect(0, 3)});
  engine.offer({"a"});
  engine.acknowledge();
  EXPECT_THAT(engine.cleared, IsEmpty()) << "it may come again";
  engine.revoke();
  engine.assign(0, 1, {}, {suspect(0, 3)});
  engine.offer({"b"});
  EXPECT_THAT(engine.cleared, ElementsAre(100u));
}

TEST(Suspects, are_given_as_many_crashes_as_the_route_says) {
  config::Route route = make_route();
  route.crash_limit = 5;
  Engine engine{kOneByOne, route};
  engine.assign(0, 0, {}, {suspect(0, 4), suspect(1, 5)});
  engine.offer({"a", "b"});
  ASSERT_EQ(engine.letters.size(), 1u);
  EXPECT_EQ(engine.letters[0].delivery->message.offset, 1);
}

TEST(Suspects, that_are_not_in_the_log_any_more_are_cleared) {
  Engine engine;
  engine.assign(0, 10, {{12, 13}}, {suspect(3), suspect(11), suspect(12)});
  engine.offer_one(0, 10, "a");
  EXPECT_THAT(engine.cleared, ElementsAre(103u)) << "committed since";
  engine.offer_one(0, 12, "b");
  engine.offer_one(0, 13, "c");
  EXPECT_THAT(engine.cleared, ElementsAre(103u, 111u, 112u)) << "compacted, and settled since";
  EXPECT_THAT(engine.handle_all(), ElementsAre(10, 13));
}

TEST(Suspects, are_not_another_record_at_the_same_offset) {
  Engine engine;
  AwaitedSuspect of_the_old_topic = suspect(0, 3);
  of_the_old_topic.timestamp_ms = 1'700'000'000'000;
  engine.assign(0, 0, {}, {of_the_old_topic});
  engine.offer({"a"});
  EXPECT_THAT(engine.letters, IsEmpty());
  EXPECT_THAT(engine.handle_all(), ElementsAre(0));
}

TEST(Suspects, are_suspects_still_when_their_partition_goes_and_comes_back) {
  Engine engine;
  engine.assign(0, 0, {}, {suspect(0)});
  engine.offer({"a"});
  EXPECT_EQ(engine.take(), nullptr);
  engine.revoke();
  EXPECT_THAT(engine.cleared, IsEmpty());
  EXPECT_FALSE(engine.dispatcher.wants_turn());
  engine.assign(0, 0, {}, {suspect(0)});
  engine.offer({"a"});
  EXPECT_EQ(engine.take(), nullptr);
  EXPECT_TRUE(engine.dispatcher.wants_turn());
}

TEST(Suspects, left_pending_are_alone_until_they_are_settled) {
  Engine engine{kPending};
  engine.assign(0, 0, {}, {suspect(0), suspect(1)});
  engine.offer({"a", "b"});
  engine.dispatcher.set_handing(Handing::suspects);
  Claim* claim = engine.take();
  const gantry_slot slot = slot_of(claim);
  engine.settle(claim, GANTRY_PENDING);
  EXPECT_EQ(engine.take(), nullptr);
  engine.settle_slot(slot, GANTRY_OK);
  EXPECT_THAT(engine.cleared, ElementsAre(100u));
  EXPECT_THAT(engine.take_offsets(), ElementsAre(1));
}

}  // namespace
}  // namespace gantry::route
