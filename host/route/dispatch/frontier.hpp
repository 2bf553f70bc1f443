// What of one partition is settled: the highest offset below which everything delivered is settled,
// which alone may be committed. Pure bookkeeping in delivery order; the caller synchronises.
//
// Deliveries are counted 0, 1, 2, … (their sequence) because offsets have gaps: compaction removes
// records and transactions leave markers. Offsets are found again through the places where they
// jump.
//
// What is settled above that offset goes along with the commit, and comes back with the next
// assignment as what is known to be settled.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>

#include "route/dispatch/settled_ranges.hpp"

namespace gantry::route {

class Frontier {
 public:
  using Offset = std::int64_t;
  using Sequence = std::uint64_t;

  // A new assignment: nothing is delivered yet. `known`: settled by an earlier one, above the
  // offset `from` that it had committed.
  void reset(Offset from = 0, OffsetRanges known = {});

  // Whether the next record of the partition was settled by an earlier assignment: it is not to be
  // handled again. Asked before deliver(), for each record.
  bool known(Offset offset) { return !known_.empty() && look_up(offset); }

  // The next record of the partition, offsets ascending. The result names it in settle().
  Sequence deliver(Offset offset);

  void settle(Sequence sequence);

  // The offset to commit: one past the last record of the settled run (Kafka commits the next
  // offset to read), or the first record where that is not settled. nullopt: nothing was settled
  // since reset().
  std::optional<Offset> committable() const;
  // What is settled above it, or known to be: the nearest ranges.
  OffsetRanges settled_above(std::size_t most) const;

  std::uint64_t delivered() const { return delivered_; }
  std::uint64_t settled() const { return settled_; }
  std::uint64_t unsettled() const { return delivered_ - settled_; }
  // From the oldest unsettled delivery to the newest: what window_max_offsets bounds.
  std::uint64_t window() const { return delivered_ - base_; }
  // What the places take where offsets jump in that window: in a topic that is written in
  // transactions each record may have one.
  std::uint64_t bytes() const { return jumps_.size() * sizeof(Jump); }

 private:
  static constexpr Sequence kWord = 64;
  struct Jump {  // from this sequence on, offset = sequence + shift
    Sequence sequence;
    Offset shift;
  };

  bool look_up(Offset offset);
  Offset offset_of(Sequence sequence) const;
  Sequence end_of_run(Sequence sequence, std::uint64_t settled) const;
  void advance();

  Sequence delivered_ = 0;          // count of deliveries
  Sequence settled_ = 0;            // count of settled ones
  Sequence base_ = 0;               // everything below is settled
  Sequence first_bit_ = 0;          // sequence of bit 0 of bits_; a multiple of 64
  std::deque<std::uint64_t> bits_;  // 1: settled
  std::deque<Jump> jumps_;
  OffsetRanges known_;
  std::size_t known_at_ = 0;  // the first of known_ that is not passed
  Offset known_from_ = 0;     // the next record is there or above, while anything is known
};

}  // namespace gantry::route
