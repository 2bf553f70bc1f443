// How long the calls of one lane's handler took, as a histogram. The lane's thread writes, without
// a locked instruction; any thread reads, each number by itself.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>

#include "route/message/time.hpp"

namespace gantry::route {

// Upper bounds of the buckets; above the last there is one more.
inline constexpr std::array<std::chrono::microseconds, 16> kCallTimeBounds{
    std::chrono::microseconds{10},         std::chrono::microseconds{100},
    std::chrono::microseconds{500},        std::chrono::microseconds{1'000},
    std::chrono::microseconds{2'500},      std::chrono::microseconds{5'000},
    std::chrono::microseconds{10'000},     std::chrono::microseconds{25'000},
    std::chrono::microseconds{50'000},     std::chrono::microseconds{100'000},
    std::chrono::microseconds{250'000},    std::chrono::microseconds{500'000},
    std::chrono::microseconds{1'000'000},  std::chrono::microseconds{2'500'000},
    std::chrono::microseconds{10'000'000}, std::chrono::microseconds{30'000'000}};

struct CallTimeTotals {
  std::array<std::uint64_t, kCallTimeBounds.size() + 1> buckets{};  // not cumulative
  std::chrono::nanoseconds sum{0};
};

class CallTimes {
 public:
  // calls: so many quick ones that were timed together. Where they took long, one of them did.
  void add(Clock::duration took, std::size_t calls = 1) {
    std::size_t bucket = 0;
    while (bucket < kCallTimeBounds.size() && took > kCallTimeBounds[bucket]) ++bucket;
    bump(buckets_[bucket], 1);
    if (calls != 1) bump(buckets_[0], calls - 1);
    bump(sum_, static_cast<std::uint64_t>(
                   std::chrono::duration_cast<std::chrono::nanoseconds>(took).count()));
  }

  void add_to(CallTimeTotals& totals) const {
    for (std::size_t i = 0; i < buckets_.size(); ++i)
      totals.buckets[i] += buckets_[i].load(std::memory_order_relaxed);
    totals.sum += std::chrono::nanoseconds{sum_.load(std::memory_order_relaxed)};
  }

 private:
  using Number = std::atomic<std::uint64_t>;
  static void bump(Number& number, std::uint64_t by) {  // of its only writer
    number.store(number.load(std::memory_order_relaxed) + by, std::memory_order_relaxed);
  }

  std::array<Number, kCallTimeBounds.size() + 1> buckets_{};
  Number sum_{0};
};

}  // namespace gantry::route
