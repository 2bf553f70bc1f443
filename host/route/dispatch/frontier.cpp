#include "route/dispatch/frontier.hpp"

#include <algorithm>
#include <bit>
#include <utility>

namespace gantry::route {

void Frontier::reset(Offset from, OffsetRanges known) {
  *this = Frontier{};
  known_ = std::move(known);
  known_from_ = from;
}

bool Frontier::look_up(Offset offset) {
  // Offsets that go back are those of another log than the one that is known: it was truncated, or
  // the topic was made anew.
  if (offset < known_from_) {
    known_.clear();
    return false;
  }
  known_from_ = offset + 1;
  while (known_at_ < known_.size() && known_[known_at_].end <= offset) ++known_at_;
  if (known_at_ < known_.size()) return known_[known_at_].begin <= offset;
  known_.clear();
  return false;
}

Frontier::Sequence Frontier::deliver(Offset offset) {
  const Sequence sequence = delivered_++;
  const Offset shift = offset - static_cast<Offset>(sequence);
  if (jumps_.empty() || jumps_.back().shift != shift) jumps_.push_back({sequence, shift});
  if (sequence - first_bit_ >= bits_.size() * kWord) bits_.push_back(0);
  return sequence;
}

void Frontier::settle(Sequence sequence) {
  const Sequence bit = sequence - first_bit_;
  bits_[bit / kWord] |= std::uint64_t{1} << (bit % kWord);
  ++settled_;
  if (sequence == base_) advance();
}

void Frontier::advance() {
  while (base_ < delivered_) {
    const Sequence bit = base_ - first_bit_;
    const std::uint64_t rest = bits_[bit / kWord] >> (bit % kWord);
    const auto run = static_cast<Sequence>(std::countr_one(rest));
    base_ += run;
    if (run < kWord - bit % kWord) break;  // an unsettled one stands in this word
  }
  while (!bits_.empty() && base_ - first_bit_ >= kWord) {
    bits_.pop_front();
    first_bit_ += kWord;
  }
  // The last settled sequence is base_ - 1; a jump is only needed while it is the newest at or
  // below that.
  while (jumps_.size() > 1 && jumps_[1].sequence < base_) jumps_.pop_front();
}

Frontier::Offset Frontier::offset_of(Sequence sequence) const {
  auto after = std::upper_bound(jumps_.begin(), jumps_.end(), sequence,
                                [](Sequence s, const Jump& jump) { return s < jump.sequence; });
  return static_cast<Offset>(sequence) + std::prev(after)->shift;
}

std::optional<Frontier::Offset> Frontier::committable() const {
  if (settled_ == 0) return std::nullopt;
  return base_ == 0 ? offset_of(0) : offset_of(base_ - 1) + 1;
}

// The first sequence from here on whose bit is another one than `settled`; delivered_: none.
Frontier::Sequence Frontier::end_of_run(Sequence sequence, std::uint64_t settled) const {
  while (sequence < delivered_) {
    const Sequence bit = sequence - first_bit_;
    const std::uint64_t word = bits_[bit / kWord] ^ (settled != 0 ? 0 : ~std::uint64_t{0});
    const auto run = static_cast<Sequence>(std::countr_one(word >> (bit % kWord)));
    sequence += run;
    if (run < kWord - bit % kWord) break;
  }
  return std::min(sequence, delivered_);
}

OffsetRanges Frontier::settled_above(std::size_t most) const {
  OffsetRanges ranges;
  for (Sequence at = base_; settled_ != base_ && ranges.size() < most;) {
    const Sequence begin = end_of_run(at, 0);
    if (begin == delivered_) break;
    at = end_of_run(begin, 1);
    ranges.push_back({offset_of(begin), offset_of(at - 1) + 1});
  }
  for (std::size_t i = known_at_; i < known_.size() && ranges.size() < most; ++i) {
    const Offset begin = std::max(known_[i].begin, known_from_);
    if (begin == known_[i].end) continue;
    if (!ranges.empty() && ranges.back().end == begin)
      ranges.back().end = known_[i].end;
    else
      ranges.push_back({begin, known_[i].end});
  }
  return ranges;
}

}  // namespace gantry::route
