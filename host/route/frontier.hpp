// What of one partition is settled: the highest offset below which everything delivered is settled,
// which alone may be committed. Pure bookkeeping in delivery order; the caller synchronises.
//
// Deliveries are counted 0, 1, 2, … (their sequence) because offsets have gaps: compaction removes
// records and transactions leave markers. Offsets are found again through the places where they
// jump.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>

namespace gantry::route {

class Frontier {
 public:
  using Offset = std::int64_t;
  using Sequence = std::uint64_t;

  // A new assignment: nothing is delivered yet.
  void reset();

  // The next record of the partition, offsets ascending. The result names it in settle().
  Sequence deliver(Offset offset);

  void settle(Sequence sequence);

  // The offset to commit: one past the last record of the settled run (Kafka commits the next
  // offset to read). nullopt: nothing was settled since reset().
  std::optional<Offset> committable() const;

  std::uint64_t delivered() const { return delivered_; }
  std::uint64_t unsettled() const { return delivered_ - settled_; }
  // From the oldest unsettled delivery to the newest: what window_max_offsets bounds.
  std::uint64_t window() const { return delivered_ - base_; }

 private:
  static constexpr Sequence kWord = 64;
  struct Jump {  // from this sequence on, offset = sequence + shift
    Sequence sequence;
    Offset shift;
  };

  Offset offset_of(Sequence sequence) const;
  void advance();

  Sequence delivered_ = 0;          // count of deliveries
  Sequence settled_ = 0;            // count of settled ones
  Sequence base_ = 0;               // everything below is settled
  Sequence first_bit_ = 0;          // sequence of bit 0 of bits_; a multiple of 64
  std::deque<std::uint64_t> bits_;  // 1: settled
  std::deque<Jump> jumps_;
};

}  // namespace gantry::route
