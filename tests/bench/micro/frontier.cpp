// What it costs to know how far a partition is settled.
#include "route/dispatch/frontier.hpp"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <random>
#include <vector>

namespace gantry::route {
namespace {

// A window of deliveries that is settled in some order, again and again.
void settle_windows(benchmark::State& state, const std::vector<std::uint64_t>& order,
                    bool first_stays = false) {
  Frontier frontier;
  frontier.reset();
  Frontier::Offset offset = 0;
  if (first_stays) frontier.deliver(offset++);
  for (auto _ : state) {
    const Frontier::Sequence first = frontier.deliver(offset++);
    for (std::size_t i = 1; i < order.size(); ++i) frontier.deliver(offset++);
    for (const std::uint64_t place : order) frontier.settle(first + place);
    benchmark::DoNotOptimize(frontier.committable());
    if (first_stays && frontier.window() > 1'000'000) {  // as far as a route lets it go
      frontier.reset();
      offset = 0;
      frontier.deliver(offset++);
    }
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(order.size()));
}

std::vector<std::uint64_t> in_order(std::size_t count) {
  std::vector<std::uint64_t> order(count);
  std::iota(order.begin(), order.end(), 0);
  return order;
}

void frontier_in_order(benchmark::State& state) { settle_windows(state, in_order(1024)); }
BENCHMARK(frontier_in_order);

void frontier_in_any_order(benchmark::State& state) {
  auto order = in_order(static_cast<std::size_t>(state.range()));
  std::shuffle(order.begin(), order.end(), std::mt19937_64{1});
  settle_windows(state, order);
}
BENCHMARK(frontier_in_any_order)->Arg(1024)->Arg(65536);

// One message is not settled for long, and all others go on.
void frontier_behind_a_parked_one(benchmark::State& state) {
  settle_windows(state, in_order(1024), true);
}
BENCHMARK(frontier_behind_a_parked_one);

}  // namespace
}  // namespace gantry::route
