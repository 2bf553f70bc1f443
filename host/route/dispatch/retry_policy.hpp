// How long to wait: before a message's next attempt, and before asking a dependency again that was
// down. Pure; the caller passes a random number, so that a test decides it.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "config/model.hpp"
#include "route/message/time.hpp"

namespace gantry::route {

// Before the attempt after `failures` counted failures (1, 2, …). random: 0 to 1.
Milliseconds backoff_before_retry(const config::Retry& retry, std::uint32_t failures,
                                  double random);

// Whether the route may hand out messages, as its handlers report on their dependencies. After
// `unavailable` nothing is handed out for a while; then one message probes. Capped exponential
// back-off with jitter.
class Availability {
 public:
  static constexpr Milliseconds kFirst{200};
  static constexpr Milliseconds kLast{10'000};

  enum class State { open, paused, due, probing };

  State state() const { return state_; }
  void tick(Time now);  // from paused to due: one probe may go out
  void probe_sent() { state_ = State::probing; }
  void probe_returned_unused();
  std::optional<Time> next_due() const;          // while paused
  Milliseconds pause() const { return pause_; }  // how long the last one is in all

  void unavailable(Time now, bool was_probe, Milliseconds retry_after, double random);
  void succeeded(Time now, bool was_probe);

 private:
  State state_ = State::open;
  Time until_{};
  bool asked_ = false;       // the dependency named the time itself (Retry-After): no sooner
  Milliseconds backoff_{0};  // the last one; 0: none since it worked
  Milliseconds pause_{0};
};

}  // namespace gantry::route
