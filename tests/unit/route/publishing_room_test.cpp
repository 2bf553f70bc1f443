// The memory that published records may take until they have got through.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/route/publishing.hpp"

namespace gantry::route {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

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
