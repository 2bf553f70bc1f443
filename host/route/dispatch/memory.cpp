// What a route holds: records in the client's memory, or copies of them; what is given back; and
// whether a partition may bring more.
#include <algorithm>

#include "route/dispatch/dispatcher.hpp"

namespace gantry::route {
namespace {

constexpr std::size_t kRecentCount = 8192;               // newest messages of a partition that are
constexpr std::uint64_t kRecentBytes = 2 * 1024 * 1024;  // left in the client's memory
constexpr std::uint64_t kPartitionBytes = 4 * 1024 * 1024;
constexpr std::uint64_t kCopyOverhead = sizeof(Delivery) + sizeof(Key);

void subtract_memory(const Delivery& d) {
  if (d.copy != nullptr) {
    d.partition->copied_bytes -= d.bytes + kCopyOverhead;
  } else {
    --d.partition->held;
    d.partition->held_bytes -= d.bytes;
  }
}

}  // namespace

void Dispatcher::age(Partition& partition, Effects& effects) {
  while (partition.recent.size() > kRecentCount || partition.recent_bytes > kRecentBytes) {
    const Partition::Recent oldest = partition.recent.front();
    partition.recent.pop_front();
    partition.recent_bytes -= oldest.bytes;
    Delivery& d = *oldest.delivery;
    const bool still_here =
        d.partition == &partition && d.sequence == oldest.sequence && d.epoch == oldest.epoch;
    if (!still_here) continue;
    d.aged = true;
    if (!d.in_hands) copy_out(d, effects);
  }
}

void Dispatcher::copy_out(Delivery& delivery, Effects& effects) {
  if (delivery.fetched == nullptr || requests_) return;
  subtract_memory(delivery);
  detach(delivery, effects.released);
  delivery.partition->copied_bytes += delivery.bytes + kCopyOverhead;
}

bool Dispatcher::full(const Partition& partition) const {
  const auto share =
      static_cast<std::uint64_t>(route_.parked_max_bytes) / std::max<std::size_t>(assigned_, 1);
  return partition.kept_bytes() >= share ||
         partition.frontier.window() >= static_cast<std::uint64_t>(route_.window_max_offsets);
}

bool Dispatcher::wants(const Partition& partition) const {
  if (full(partition)) return false;
  if (route_.order == config::Order::partition)
    return partition.frontier.unsettled() < high_water_ && partition.held_bytes < kPartitionBytes;
  return keys_.ready_count() < high_water_;
}

bool Dispatcher::has_room() const {
  if (route_.order != config::Order::partition && keys_.ready_count() * 2 > high_water_)
    return false;
  return std::ranges::any_of(partitions_, [this](const auto& entry) {
    return entry.second->assigned && wants(*entry.second);
  });
}

void Dispatcher::finish(Delivery* delivery, Effects& effects) {
  if (current(*delivery)) {
    ++counts_.settled;
    if (delivery->suspect != 0) clear_suspect(*delivery, effects);
    Partition& partition = *delivery->partition;
    const auto order = partition.settle_order.empty() ? std::nullopt : order_of(*delivery);
    if (order)
      partition.settle_order.settle(*order, delivery->sequence, partition.frontier);
    else
      partition.frontier.settle(delivery->sequence);
  }
  if (delivery->probe) availability_.probe_returned_unused();  // whoever learned something took it
  subtract_memory(*delivery);
  clear(*delivery, effects.released);
  free_.push_back(delivery);
}

}  // namespace gantry::route
