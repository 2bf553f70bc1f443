// What keys cost: while their messages pass, and while they are parked.
#include <benchmark/benchmark.h>

#include <chrono>
#include <cstdint>
#include <vector>

#include "route/dispatch/keys.hpp"

namespace gantry::route {
namespace {

constexpr std::uint64_t kSpread = 0x9E3779B97F4A7C15;  // as a hash spreads its values

// A key comes, is ready, is taken and goes; `range` others are there all the time.
void key_passes(benchmark::State& state) {
  Keys keys;
  std::uint64_t number = 0;
  for (std::int64_t i = 0; i < state.range(); ++i) keys.find_or_make(++number * kSpread);
  for (auto _ : state) {
    keys.ready_last(keys.find_or_make(++number * kSpread));
    keys.erase(keys.take_ready());
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(key_passes)->Arg(0)->Arg(1000)->Arg(1'000'000);

// The key that is due first is taken and parked again, among `range` others.
void key_is_parked(benchmark::State& state) {
  Keys keys;
  Time due{};
  for (std::int64_t i = 1; i <= state.range(); ++i) {
    due += std::chrono::milliseconds(1);
    keys.park(keys.find_or_make(static_cast<std::uint64_t>(i) * kSpread), due);
  }
  for (auto _ : state) {
    due += std::chrono::milliseconds(1);
    keys.park(keys.take_due(due), due);
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(key_is_parked)->Arg(1)->Arg(1000)->Arg(1'000'000);

}  // namespace
}  // namespace gantry::route
