#include "service/rates.hpp"

namespace gantry::service {
namespace {

std::uint64_t failed(const route::Counts& counts) {
  return counts.retry + counts.reject + counts.timeout;
}

}  // namespace

void RateWindow::add(const route::Counts& counts, route::Time now) {
  // A route of the same name that was made anew counts from 0.
  if (!samples_.empty() && counts.settled < samples_.back().counts.settled) samples_.clear();
  samples_.push_back({now, counts});
  while (samples_.front().at < now - kLength) samples_.pop_front();
}

std::optional<Rates> RateWindow::rates() const {
  if (samples_.size() < 2) return std::nullopt;
  const Sample& first = samples_.front();
  const Sample& last = samples_.back();
  const double seconds = std::chrono::duration<double>(last.at - first.at).count();
  if (seconds <= 0) return std::nullopt;
  const auto rate = [&](std::uint64_t from, std::uint64_t to) {
    return static_cast<double>(to - from) / seconds;
  };
  return Rates{.seconds = seconds,
               .ok = rate(first.counts.ok, last.counts.ok),
               .failed = rate(failed(first.counts), failed(last.counts)),
               .unavailable = rate(first.counts.unavailable, last.counts.unavailable),
               .settled = rate(first.counts.settled, last.counts.settled)};
}

}  // namespace gantry::service
