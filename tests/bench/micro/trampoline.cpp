// What a call through the ABI costs: the host's side of it, the C function of the SDK, and a
// handler that does nothing.
#include <benchmark/benchmark.h>

#include <array>
#include <cstdint>
#include <gantry/handler.hpp>
#include <gantry/message.hpp>
#include <gantry/verdict.hpp>
#include <memory>
#include <vector>

#include "plugin/handler.hpp"

namespace gantry::plugin {
namespace {

struct NobodySettles : route::Settler {
  bool settle(gantry_slot, const gantry_outcome&) override { return false; }
};

struct OneByOne {
  gantry::Verdict handle(const gantry::Message&) { return gantry::ok(); }
};

struct InBatches {
  static constexpr int max_batch = 1000;
  gantry::Verdict handle_batch(gantry::Batch&) { return gantry::ok(); }
};

// Calls of `count` messages, of a handler type of this program, as if its library had been loaded.
template <class T>
void calls(benchmark::State& state, std::size_t count) {
  static const gantry_handler_type type = detail::type_of(gantry::handler<T>("bench"));
  config::HandlerSpec spec;
  spec.id = type.id;
  LoadedPlugin loaded;
  loaded.spec.name = "in-this-program";
  config::Route route;
  route.name = "bench";
  NobodySettles settler;
  BoundHandler bound(HandlerRef{&loaded, &spec, &type}, route, settler);
  const std::unique_ptr<route::HandlerInstance> instance = bound.create();

  std::vector<gantry_message> messages(count);
  std::vector<const gantry_message*> pointers;
  for (gantry_message& message : messages) {
    message.struct_size = sizeof message;
    message.slot = pointers.size() + 1;
    pointers.push_back(&message);
  }
  gantry_outcome rest{};
  for (auto _ : state) {
    instance->handle(pointers, rest);
    benchmark::DoNotOptimize(rest);
  }
  state.SetItemsProcessed(state.iterations());  // calls
}

void trampoline_one(benchmark::State& state) { calls<OneByOne>(state, 1); }
BENCHMARK(trampoline_one);

void trampoline_batch_of_1000(benchmark::State& state) { calls<InBatches>(state, 1000); }
BENCHMARK(trampoline_batch_of_1000);

}  // namespace
}  // namespace gantry::plugin
