#include "route/frontier.hpp"

#include <algorithm>
#include <bit>

namespace gantry::route {

void Frontier::reset() { *this = Frontier{}; }

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
  if (base_ == 0) return std::nullopt;
  return offset_of(base_ - 1) + 1;
}

}  // namespace gantry::route
