// For how long messages are handed out while nobody has said that the partitions are still ours. A
// process that stood still (SIGSTOP, a stopped virtual machine) for longer than the group's session
// wakes up with partitions that others handle by now, and would go on with what it has before its
// client hears of it: out of the order of keys.
//
// The route's clock renews the lease all the time. When it comes too late, the lease has
// lapsed: nothing more is begun until the consumer has asked the brokers, or has been assigned
// partitions anew. Any thread; no lock, since lanes look at it before each message.
#pragma once

#include <time.h>

#include <atomic>
#include <cstdint>

#include "route/message/time.hpp"

namespace gantry::route {

class Lease {
 public:
  // From now on it can lapse. 0: it can't.
  void start(Milliseconds length) {
    length_ = length.count() * 1'000'000;
    grant();
  }
  void grant() { until_ = length_ == 0 ? kForEver : now() + length_; }

  bool valid() const { return valid(now()); }
  bool lapsed() const { return until_ == kLapsed; }

  // False: it has lapsed just now.
  bool renew() {
    std::int64_t until = until_;
    if (until == kForEver || until == kLapsed) return true;
    const std::int64_t at = now();
    const bool in_time = at <= until;
    // Where it was granted at this moment, that stands.
    until_.compare_exchange_strong(until, in_time ? at + length_ : kLapsed);
    return in_time;
  }

 private:
  static constexpr std::int64_t kForEver = INT64_MAX;
  static constexpr std::int64_t kLapsed = 0;

  bool valid(std::int64_t at) const {
    const std::int64_t until = until_.load(std::memory_order_relaxed);
    return until == kForEver || at <= until;
  }

  // Nanoseconds of Clock; to some milliseconds, and a few nanoseconds to read.
  static std::int64_t now() {
    timespec time{};
    clock_gettime(CLOCK_MONOTONIC_COARSE, &time);
    return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
  }

  std::atomic<std::int64_t> length_{0};
  std::atomic<std::int64_t> until_{kForEver};
};

}  // namespace gantry::route
