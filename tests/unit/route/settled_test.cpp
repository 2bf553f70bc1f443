// What was settled above a committed offset and committed with it is not handled again by the next
// assignment; everything else is.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/route/engine.hpp"

namespace gantry::route {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

config::Route ordered_by(config::Order order) {
  config::Route route = make_route();
  route.order = order;
  return route;
}

TEST(Settled, a_parked_key_leaves_the_others_in_the_commit) {
  Engine engine;
  engine.assign(0, 50);
  engine.offer({"bad", "a", "b", "bad", "c"});
  engine.settle(engine.take(1), GANTRY_RETRY);
  EXPECT_THAT(engine.handle_all(), ElementsAre(51, 52, 54));
  EXPECT_EQ(engine.commit(), 50);
  EXPECT_EQ(engine.settled[0], (OffsetRanges{{51, 53}, {54, 55}}));
}

TEST(Settled, is_not_handed_out_again_and_the_rest_is) {
  Engine engine;
  engine.assign(0, 50, {{51, 53}, {54, 55}});
  engine.offer({"bad", "a", "b", "bad", "c", "d"});
  EXPECT_THAT(engine.handle_all(), ElementsAre(50, 53, 55));
  EXPECT_EQ(engine.commit(), 56);
  EXPECT_THAT(engine.commit_ranges(), IsEmpty());
  EXPECT_EQ(engine.dispatcher.status().skipped, 3u);
}

TEST(Settled, is_given_back_to_the_client_at_once) {
  Engine engine;
  engine.assign(0, 50, {{51, 53}});
  engine.offer({"a", "b", "c", "d"});
  EXPECT_EQ(engine.records.held(), 2u);
  EXPECT_EQ(engine.partitions[0]->held, 2u);
}

TEST(Settled, works_without_order_and_by_partition) {
  for (const config::Order order : {config::Order::none, config::Order::partition}) {
    Engine engine{kOneByOne, ordered_by(order)};
    engine.assign(0, 7, {{8, 10}});
    engine.offer({"a", "b", "c", std::nullopt});
    EXPECT_THAT(engine.handle_all(), ElementsAre(7, 10));
    EXPECT_EQ(engine.commit(), 11);
  }
}

TEST(Settled, works_for_handlers_that_pend) {
  Engine engine{kPending};
  engine.assign();
  engine.offer({"a", "b", "c"});
  Claim* claim = engine.take();
  const gantry_slot second = slot_of(claim, 1);
  engine.settle(claim, GANTRY_PENDING);
  engine.settle_slot(second, GANTRY_OK);
  EXPECT_EQ(engine.commit(), 0);
  EXPECT_EQ(engine.settled[0], (OffsetRanges{{1, 2}}));
}

TEST(Settled, is_committed_when_the_offset_stands_still_and_only_when_there_is_more_of_it) {
  Engine engine;
  engine.assign();
  engine.offer({"bad", "a", "b"});
  engine.settle(engine.take(1), GANTRY_RETRY);
  EXPECT_THAT(engine.dispatcher.committable(), IsEmpty()) << "nothing is settled yet";
  engine.settle(engine.take(1), GANTRY_OK);
  EXPECT_EQ(engine.commit_ranges(), (OffsetRanges{{1, 2}}));
  EXPECT_THAT(engine.dispatcher.committable(), IsEmpty());
  engine.settle(engine.take(1), GANTRY_OK);
  EXPECT_EQ(engine.commit_ranges(), (OffsetRanges{{1, 3}}));
  engine.dispatcher.forget_committed();
  EXPECT_EQ(engine.commit_ranges(), (OffsetRanges{{1, 3}}));
}

TEST(Settled, that_has_not_come_yet_is_committed_again) {
  Engine engine;
  engine.assign(0, 0, {{1, 100}});
  engine.offer({"bad", "a"});
  engine.settle(engine.take(), GANTRY_RETRY);
  EXPECT_EQ(engine.commit(), 0);
  EXPECT_EQ(engine.settled[0], (OffsetRanges{{1, 100}}));
}

TEST(Settled, belongs_to_the_assignment_it_came_with) {
  Engine engine;
  engine.assign(0, 0, {{1, 100}});
  engine.offer({"a"});
  engine.revoke();
  engine.assign(0, 0);
  engine.offer({"a", "b"});
  EXPECT_THAT(engine.handle_all(), ElementsAre(0, 1));
}

TEST(Settled, is_handed_out_again_when_the_log_was_truncated_below_it) {
  Engine engine;
  engine.assign(0, 50, {{51, 60}});
  engine.next_offset[0] = 49;
  engine.offer({"a", "b", "c"});
  EXPECT_THAT(engine.handle_all(), ElementsAre(49, 50, 51));
}

// Otherwise the dead letter alone would come again after a crash, behind what it precedes.
TEST(Settled, leaves_out_what_its_key_did_while_a_dead_letter_was_on_its_way) {
  Engine engine;
  engine.assign();
  engine.offer({"a", "a", "b", "a"});
  engine.settle(engine.take(1), GANTRY_REJECT);
  EXPECT_THAT(engine.handle_all(), UnorderedElementsAre(1, 2, 3));
  EXPECT_EQ(engine.commit_ranges(), (OffsetRanges{{2, 3}}));
  engine.acknowledge();
  EXPECT_EQ(engine.commit(), 4);
  EXPECT_THAT(engine.settled[0], IsEmpty());
}

TEST(Settled, follows_dead_letters_of_one_key_in_their_order) {
  Engine engine;
  engine.assign();
  engine.offer({"x", "a", "a", "a"});
  Claim* unsettled = engine.take(1);
  engine.settle(engine.take(1), GANTRY_REJECT);
  engine.settle(engine.take(1), GANTRY_REJECT);
  EXPECT_THAT(engine.handle_all(), ElementsAre(3));
  engine.acknowledge(1);
  EXPECT_THAT(engine.commit_ranges(), IsEmpty());
  engine.acknowledge(0);
  EXPECT_EQ(engine.commit_ranges(), (OffsetRanges{{1, 4}}));
  engine.settle(unsettled, GANTRY_OK);
  EXPECT_EQ(engine.commit(), 4);
}

TEST(Settled, does_not_wait_for_dead_letters_where_there_is_no_order) {
  Engine engine{kOneByOne, ordered_by(config::Order::none)};
  engine.assign();
  engine.offer({"a", "a"});
  engine.settle(engine.take(1), GANTRY_REJECT);
  engine.handle_all();
  EXPECT_EQ(engine.commit_ranges(), (OffsetRanges{{1, 2}}));
}

TEST(Settled, forgets_dead_letters_of_an_earlier_assignment) {
  Engine engine;
  engine.assign();
  engine.offer({"a", "a"});
  engine.settle(engine.take(1), GANTRY_REJECT);
  engine.revoke();
  engine.assign(0, 1);
  engine.offer({"a"});
  EXPECT_THAT(engine.handle_all(), ElementsAre(1));
  EXPECT_EQ(engine.commit(), 2);
}

TEST(Gaps, are_told_once_for_each_assignment) {
  Engine engine;
  engine.assign(0, 10);
  engine.assign(1, 10);
  engine.next_offset[0] = 15;
  engine.offer({"a", "b"}, 0);
  engine.offer({"a", "b"}, 1);
  const auto gaps = engine.dispatcher.take_gaps();
  ASSERT_EQ(gaps.size(), 1u);
  EXPECT_EQ(gaps[0].partition, 0);
  EXPECT_EQ(gaps[0].committed, 10);
  EXPECT_EQ(gaps[0].first, 15);
  EXPECT_THAT(engine.dispatcher.take_gaps(), IsEmpty());
}

TEST(Gaps, are_not_known_where_nothing_was_committed) {
  Engine engine;
  engine.assign(0, -1);
  engine.next_offset[0] = 15;
  engine.offer({"a"});
  EXPECT_THAT(engine.dispatcher.take_gaps(), IsEmpty());
}

}  // namespace
}  // namespace gantry::route
