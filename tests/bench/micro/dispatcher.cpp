// The delivery engine without threads and clients: a message comes, is taken by a lane and settled.
#include "route/dispatch/dispatcher.hpp"

#include <benchmark/benchmark.h>

#include <cstdint>
#include <string>
#include <vector>

namespace gantry::route {
namespace {

constexpr std::size_t kAtOnce = 256;

config::Route make_route(config::Order order) {
  config::Route route;
  route.name = "bench";
  route.concurrency = 3;
  route.order = order;
  return route;
}

gantry_bytes bytes_of(const std::string& text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

void message_passes(benchmark::State& state, config::Order order) {
  const config::Route route = make_route(order);
  Dispatcher dispatcher(route, HandlerTraits{}, 1);
  Partition* partition = dispatcher.assign("topic", 0);
  std::vector<std::string> keys;
  for (int i = 0; i < 10'007; ++i) keys.push_back("key-" + std::to_string(i));
  const std::string value(245, 'x');
  std::int64_t offset = 0;
  std::vector<Delivery*> records(kAtOnce);
  Claim claim;
  Outcome ok;
  ok.verdict = GANTRY_OK;
  for (auto _ : state) {
    Effects effects;
    for (Delivery*& record : records) {
      record = dispatcher.acquire();
      record->message.offset = offset++;
      record->message.key = bytes_of(keys[static_cast<std::size_t>(offset) % keys.size()]);
      record->message.value = bytes_of(value);
      record->bytes = static_cast<std::uint32_t>(value.size());
    }
    dispatcher.offer(partition, records, effects);
    while (dispatcher.take(claim, kAtOnce)) dispatcher.settle(claim, ok, Time{}, effects);
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kAtOnce));
}
BENCHMARK_CAPTURE(message_passes, by_partition, config::Order::partition);
BENCHMARK_CAPTURE(message_passes, by_key, config::Order::key);
BENCHMARK_CAPTURE(message_passes, unordered, config::Order::none);

}  // namespace
}  // namespace gantry::route
