#include "route/dispatch/retry_policy.hpp"

#include <algorithm>
#include <cmath>

namespace gantry::route {
namespace {

Milliseconds jittered(double milliseconds, double jitter, double random) {
  return Milliseconds{std::llround(milliseconds * (1.0 + jitter * (2.0 * random - 1.0)))};
}

constexpr double kProbeJitter = 0.2;

}  // namespace

Milliseconds backoff_before_retry(const config::Retry& retry, std::uint32_t failures,
                                  double random) {
  const auto most = static_cast<double>(retry.max_backoff.count());
  const double grown = static_cast<double>(retry.backoff.count()) *
                       std::pow(retry.multiplier, static_cast<double>(failures) - 1.0);
  return jittered(std::min(grown, most), retry.jitter, random);
}

void Availability::tick(Time now) {
  if (state_ == State::paused && now >= until_) state_ = State::due;
}

std::optional<Time> Availability::next_due() const {
  if (state_ != State::paused) return std::nullopt;
  return until_;
}

void Availability::probe_returned_unused() {
  if (state_ == State::probing) state_ = State::due;
}

void Availability::unavailable(Time now, bool was_probe, Milliseconds retry_after, double random) {
  // Those that were on their way when the first one failed say nothing new, unless they bring a
  // later time.
  if (was_probe || state_ == State::open) {
    backoff_ = std::clamp(backoff_ * 2, kFirst, kLast);
    until_ = now + jittered(static_cast<double>(backoff_.count()), kProbeJitter, random);
    asked_ = false;
    state_ = State::paused;
  }
  if (retry_after > Milliseconds{0} && now + retry_after > until_) {
    state_ = State::paused;
    until_ = now + retry_after;
    asked_ = true;
  }
  pause_ = std::chrono::duration_cast<Milliseconds>(until_ - now);
}

void Availability::succeeded(Time now, bool was_probe) {
  if (state_ == State::open) {
    backoff_ = Milliseconds{0};
    return;
  }
  if (!was_probe && asked_ && now < until_) return;
  state_ = State::open;
  asked_ = false;
  if (was_probe) backoff_ = Milliseconds{0};
}

}  // namespace gantry::route
