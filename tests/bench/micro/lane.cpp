// What a lane costs around the calls of its handler: a claim is handed over, and each message of it
// is handled by itself.
#include "route/lane.hpp"

#include <benchmark/benchmark.h>

#include <cstdint>
#include <memory>
#include <vector>

#include "route/dispatch/keys.hpp"
#include "route/message/delivery.hpp"

namespace gantry::route {
namespace {

class Noop : public HandlerInstance {
 public:
  void handle(std::span<const gantry_message* const>, gantry_outcome& rest) override {
    rest.verdict = GANTRY_OK;
  }
  void cancel(gantry_slot) override {}
  void drain(std::chrono::milliseconds) override {}
};

// Hands the same messages out, again and again, until the benchmark has seen enough.
class SameAgain : public Lane::Work {
 public:
  SameAgain(benchmark::State& state, std::size_t claim) : state_(state), messages_(claim) {
    for (Delivery& message : messages_) message.key = &key_;
  }

  bool exchange(Lane& lane, Claim& claim, const Outcome&) override {
    if (!state_.KeepRunning()) return false;
    claim.clear();
    gantry_slot slot = 1;
    for (Delivery& message : messages_) {
      message.message.slot = slot++;
      claim.add(&message);
    }
    lane.begin();
    return true;
  }
  bool halted() const override { return false; }

 private:
  benchmark::State& state_;
  Key key_;
  std::vector<Delivery> messages_;
};

void lane_handles_one_by_one(benchmark::State& state) {
  const auto claim = static_cast<std::size_t>(state.range());
  SameAgain work(state, claim);
  CallTimes times;
  Lane lane(std::make_unique<Noop>(), HandlerTraits{}, work, times);
  lane.start("bench");
  lane.join();
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(claim));
}
BENCHMARK(lane_handles_one_by_one)->Arg(1)->Arg(64)->Arg(1024)->UseRealTime();

}  // namespace
}  // namespace gantry::route
