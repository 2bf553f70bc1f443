// Thousands of random schedules against the promises of the delivery engine. A failure names its
// seed; GANTRY_SEED=n repeats that one alone.
#include "unit/route/simulation.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <random>
#include <string>
#include <tuple>

namespace gantry::route {
namespace {

constexpr std::uint64_t kSchedules = 200;  // of each kind

struct Kind {
  const char* name;
  HandlerTraits traits;
};
const Kind kKinds[] = {
    {"one_by_one", kOneByOne},
    {"batches", kBatches},
    {"ordered_batches", kOrderedBatches},
    {"pending_one_by_one", {.max_batch = 1, .may_pend = true}},
    {"pending_batches", kPending},
};
const std::pair<const char*, config::Order> kOrders[] = {
    {"key", config::Order::key},
    {"partition", config::Order::partition},
    {"none", config::Order::none},
};

class Schedules : public testing::TestWithParam<std::tuple<int, int, bool>> {};

TEST_P(Schedules, keep_every_promise) {
  const config::Order order = kOrders[std::get<0>(GetParam())].second;
  const HandlerTraits traits = kKinds[std::get<1>(GetParam())].traits;
  const char* repeat = std::getenv("GANTRY_SEED");
  const std::uint64_t first = repeat != nullptr ? std::stoull(repeat) : std::random_device{}();
  const std::uint64_t count = repeat != nullptr ? 1 : kSchedules;
  std::uint64_t steps = 0;
  std::uint64_t held_for_bytes = 0;
  std::uint64_t held_for_window = 0;
  for (std::uint64_t seed = first; seed < first + count; ++seed) {
    SCOPED_TRACE("GANTRY_SEED=" + std::to_string(seed));
    Simulation simulation{seed, order, traits, std::get<2>(GetParam())};
    if (!simulation.run()) return;
    steps += simulation.steps();
    held_for_bytes += simulation.held_for_bytes() ? 1 : 0;
    held_for_window += simulation.held_for_window() ? 1 : 0;
  }
  // Without an order nothing waits behind a failed message, so that copies are rare.
  const bool copies = order != config::Order::none || traits.may_pend;
  if (repeat == nullptr) {
    EXPECT_TRUE(held_for_bytes > 0 || !copies) << "the bound of copies was never reached";
    EXPECT_GT(held_for_window, 0u) << "the bound of the window was never reached";
  }
  RecordProperty("held_for_bytes", std::to_string(held_for_bytes));
  RecordProperty("held_for_window", std::to_string(held_for_window));
  RecordProperty("first_seed", std::to_string(first));
  RecordProperty("steps", std::to_string(steps));
}

std::string schedule_name(const testing::TestParamInfo<std::tuple<int, int, bool>>& test) {
  const auto [order, kind, publishes] = test.param;
  return std::string(kOrders[order].first) + "_" + kKinds[kind].name +
         (publishes ? "_publishing" : "");
}

INSTANTIATE_TEST_SUITE_P(All, Schedules,
                         testing::Combine(testing::Range(0, 3), testing::Range(0, 5),
                                          testing::Bool()),
                         schedule_name);

}  // namespace
}  // namespace gantry::route
