// A batch that fails is halved down to the culprit, uncounted; its neighbours never pay for it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <set>

#include "unit/route/engine.hpp"

namespace gantry::route {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// A handler that can only fail a whole call: `verdict` when one of the culprits is in it.
class Handler {
 public:
  Handler(Engine& engine, std::set<std::int64_t> culprits, gantry_verdict verdict)
      : engine_(engine), culprits_(std::move(culprits)), verdict_(verdict) {}

  void work(std::size_t limit = 1000) {
    while (Claim* claim = engine_.take(limit)) {
      ++calls;
      const Offsets now = offsets(*claim);
      const bool bad = std::ranges::any_of(now, [this](auto o) { return culprits_.contains(o); });
      if (bad)
        failed_alone += now.size() == 1 ? 1 : 0;
      else
        done.insert(done.end(), now.begin(), now.end());
      engine_.settle(claim, bad ? verdict_ : GANTRY_OK);
    }
  }

  int calls = 0;
  int failed_alone = 0;
  Offsets done;

 private:
  Engine& engine_;
  const std::set<std::int64_t> culprits_;
  const gantry_verdict verdict_;
};

Offsets buried(const Engine& engine) {
  Offsets all;
  for (const auto& letter : engine.letters) all.push_back(letter.delivery->message.offset);
  return all;
}

TEST(Batch, is_halved_down_to_the_culprit_in_few_calls) {
  for (const std::int64_t culprit : {0, 1, 500, 511, 512, 1022, 1023}) {
    Engine engine{{.max_batch = 1024}};
    engine.assign();
    engine.offer_many(1024);
    Handler handler{engine, {culprit}, GANTRY_REJECT};
    handler.work(1024);
    EXPECT_THAT(buried(engine), ElementsAre(culprit));
    EXPECT_EQ(handler.done.size(), 1023u);
    EXPECT_LE(handler.calls, 2 * 10 + 2) << "culprit " << culprit;
  }
}

TEST(Batch, of_an_uneven_size_is_halved_as_well) {
  for (std::int64_t size = 2; size <= 40; ++size) {
    for (std::int64_t culprit = 0; culprit < size; ++culprit) {
      Engine engine{kBatches};
      engine.assign();
      engine.offer_many(static_cast<std::size_t>(size));
      Handler handler{engine, {culprit}, GANTRY_REJECT};
      handler.work();
      ASSERT_THAT(buried(engine), ElementsAre(culprit)) << "of " << size;
      ASSERT_EQ(handler.done.size(), static_cast<std::size_t>(size - 1));
    }
  }
}

TEST(Batch, a_failure_together_counts_no_attempt) {
  Engine engine{kBatches};
  engine.assign();
  engine.offer_many(8);
  Handler handler{engine, {3}, GANTRY_RETRY};
  handler.work();
  EXPECT_EQ(handler.failed_alone, 1);
  EXPECT_EQ(handler.done.size(), 7u);
  engine.pass(std::chrono::seconds{1});
  Claim* again = engine.take();
  ASSERT_NE(again, nullptr);
  EXPECT_EQ(again->deliveries[0]->message.attempt, 2u);
}

TEST(Batch, a_message_that_keeps_failing_is_buried_alone) {
  Engine engine{kBatches};
  engine.assign();
  engine.offer_many(100);
  Handler handler{engine, {17}, GANTRY_RETRY};
  for (int attempt = 0; attempt < 4; ++attempt) {
    handler.work();
    engine.offer_many(100, "later");
    engine.pass(std::chrono::seconds{1});
  }
  EXPECT_THAT(buried(engine), ElementsAre(17));
  EXPECT_EQ(handler.failed_alone, 4);
}

TEST(Batch, a_known_culprit_draws_no_neighbours_into_its_next_attempt) {
  Engine engine{kBatches};
  engine.assign();
  engine.offer_many(8);
  Handler{engine, {3}, GANTRY_RETRY}.work();
  engine.offer_many(8, "later");
  engine.pass(std::chrono::seconds{1});
  EXPECT_THAT(engine.take_offsets(), ElementsAre(3));
  EXPECT_EQ(engine.take_offsets().size(), 8u);
}

TEST(Batch, several_culprits_are_all_found_and_nobody_else) {
  Engine engine{kBatches};
  engine.assign();
  engine.offer_many(256);
  Handler handler{engine, {0, 1, 77, 128, 255}, GANTRY_REJECT};
  handler.work();
  Offsets found = buried(engine);
  std::ranges::sort(found);
  EXPECT_THAT(found, ElementsAre(0, 1, 77, 128, 255));
  EXPECT_EQ(handler.done.size(), 251u);
}

TEST(Batch, a_verdict_for_one_slot_counts_for_that_message_alone) {
  Engine engine{kBatches};
  engine.assign();
  engine.offer_many(4);
  engine.settle_each(engine.take(), {GANTRY_OK, GANTRY_REJECT, GANTRY_RETRY, GANTRY_OK});
  EXPECT_THAT(buried(engine), ElementsAre(1));
  EXPECT_THAT(engine.handle_all(), IsEmpty());
  engine.pass(std::chrono::seconds{1});
  EXPECT_THAT(engine.handle_all(), ElementsAre(2));
}

TEST(Batch, only_those_that_nobody_settled_share_the_failure_of_the_rest) {
  Engine engine{kBatches};
  engine.assign();
  engine.offer_many(4);
  Claim* claim = engine.take();
  claim->outcomes[0].verdict = GANTRY_OK;
  claim->outcomes[1].verdict = GANTRY_OK;
  engine.settle(claim, GANTRY_RETRY);
  EXPECT_THAT(engine.take_offsets(), ElementsAre(2));
  EXPECT_THAT(engine.take_offsets(), ElementsAre(3));
}

TEST(Batch, one_left_over_by_the_handler_fails_alone_and_counts) {
  Engine engine{kBatches};
  engine.assign();
  engine.offer_many(2);
  Claim* claim = engine.take();
  claim->outcomes[0].verdict = GANTRY_OK;
  engine.settle(claim, GANTRY_REJECT);
  EXPECT_THAT(buried(engine), ElementsAre(1));
}

TEST(Batch, the_halves_keep_the_order_within_a_key) {
  for (std::int64_t culprit = 0; culprit < 12; ++culprit) {
    Engine engine{kOrderedBatches};
    engine.assign();
    engine.offer({"a", "a", "a", "a", "b", "a", "b", "a", "c", "a", "b", "a"});
    Handler handler{engine, {culprit}, GANTRY_REJECT};
    handler.work();
    EXPECT_THAT(buried(engine), ElementsAre(culprit));
    Offsets of_a;
    for (const auto offset : handler.done)
      if (offset != 4 && offset != 6 && offset != 8 && offset != 10) of_a.push_back(offset);
    EXPECT_TRUE(std::ranges::is_sorted(of_a)) << "culprit " << culprit;
    EXPECT_EQ(handler.done.size(), 11u);
  }
}

TEST(Batch, a_whole_partition_in_order_is_halved_in_order) {
  config::Route route = make_route();
  route.order = config::Order::partition;
  Engine engine{kOrderedBatches, route};
  engine.assign();
  engine.offer_many(64);
  Handler handler{engine, {40}, GANTRY_REJECT};
  handler.work();
  EXPECT_THAT(buried(engine), ElementsAre(40));
  EXPECT_TRUE(std::ranges::is_sorted(handler.done));
  EXPECT_EQ(handler.done.size(), 63u);
  EXPECT_LE(handler.calls, 2 * 6 + 2);
}

TEST(Batch, in_a_run_what_stands_behind_a_retry_comes_again_uncounted) {
  Engine engine{kOrderedBatches};
  engine.assign();
  engine.offer({"a", "a", "a"});
  engine.settle_each(engine.take(), {GANTRY_OK, GANTRY_RETRY, GANTRY_RETRY});
  engine.pass(std::chrono::seconds{1});
  Claim* again = engine.take();
  ASSERT_NE(again, nullptr);
  EXPECT_THAT(offsets(*again), ElementsAre(1, 2));
  EXPECT_EQ(again->deliveries[0]->message.attempt, 2u);
  EXPECT_EQ(again->deliveries[1]->message.attempt, 1u);
}

TEST(Batch, unavailable_together_counts_no_attempt_while_others_succeed) {
  Engine engine{kBatches};
  engine.assign();
  engine.offer_many(2);
  for (int round = 0; round < 4; ++round) {
    Claim* batch = engine.take();
    ASSERT_EQ(batch->size(), 2u);
    engine.offer_many(1, "later");
    Claim* other = engine.take();
    engine.settle(batch, GANTRY_UNAVAILABLE);
    engine.settle(other, GANTRY_OK);  // opens the route again
  }
  for (const Claim* alone = engine.take(); alone != nullptr; alone = engine.take()) {
    EXPECT_EQ(alone->size(), 1u) << "somebody in it is to blame: halved";
    EXPECT_EQ(alone->deliveries[0]->message.attempt, 1u);
  }
  EXPECT_EQ(engine.claims.size(), 2u);
}

TEST(Batch, unavailable_together_again_and_again_never_buries_the_neighbours) {
  Engine engine{kBatches};
  engine.assign();
  engine.offer_many(4);
  // Message 2 makes every call it is in `unavailable`; all others succeed.
  for (int round = 0; round < 2000 && engine.letters.empty(); ++round) {
    Handler{engine, {2}, GANTRY_UNAVAILABLE}.work();
    engine.pass(std::chrono::seconds{10});
    engine.offer_many(1, "later");
  }
  Handler{engine, {2}, GANTRY_UNAVAILABLE}.work();
  EXPECT_THAT(buried(engine), ElementsAre(2));
}

}  // namespace
}  // namespace gantry::route
