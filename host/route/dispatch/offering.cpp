// The way in: records of a partition, into the queues of their keys.
#include <utility>

#include "route/dispatch/dispatcher.hpp"
#include "route/message/replayed.hpp"

namespace gantry::route {

Delivery* Dispatcher::acquire() {
  if (free_.empty()) return &pool_.emplace_back();
  Delivery* delivery = free_.back();
  free_.pop_back();
  return delivery;
}

void Dispatcher::discard(Delivery* unused, Effects& effects) {
  clear(*unused, effects.released);
  free_.push_back(unused);
}

void Dispatcher::offer(Partition* partition, std::span<Delivery* const> deliveries,
                       Effects& effects) {
  Frontier& frontier = partition->frontier;
  if (frontier.delivered() == 0 && partition->start >= 0 && !deliveries.empty()) {
    const std::int64_t first = deliveries.front()->message.offset;
    if (first != partition->start)
      gaps_.push_back({partition->topic, partition->number, partition->start, first});
  }
  for (Delivery* delivery : deliveries) {
    delivery->partition = partition;
    delivery->epoch = partition->epoch;
    const bool known = frontier.known(delivery->message.offset);
    delivery->sequence = frontier.deliver(  // requests have no offset: they are counted
        requests_ ? static_cast<Frontier::Offset>(frontier.delivered()) : delivery->message.offset);
    if (known) {
      frontier.settle(delivery->sequence);
      discard(delivery, effects);
      ++skipped_;
      continue;
    }
    // The queue it came from ends with the assignment; a handler may have the message for longer.
    if (!requests_) delivery->message.topic = {partition->topic.data(), partition->topic.size()};
    delivery->log_offset = delivery->message.offset;
    if (partition->replays) restore_original(*delivery);
    ++partition->held;
    partition->held_bytes += delivery->bytes;
    if (traits_.may_pend) copy_out(*delivery, effects);
    if (!partition->suspects.empty()) look_for_suspect(*delivery, effects);
    if (delivery->suspect != 0 && convict(delivery, effects)) continue;

    const auto order = order_of(*delivery);
    append(order ? keys_.find_or_make(*order) : keys_.make_unordered(), delivery, effects);
    if (route_.order != config::Order::partition) {
      partition->recent.push_back({delivery, delivery->sequence, delivery->epoch, delivery->bytes});
      partition->recent_bytes += delivery->bytes;
    }
  }
  age(*partition, effects);
  if (requests_) refuse_waiting(effects);
}

// What it is ordered with; nullopt: with nothing.
std::optional<std::uint64_t> Dispatcher::order_of(const Delivery& delivery) const {
  const gantry_bytes key = delivery.message.key;
  if (route_.order == config::Order::partition) return hash_key({}, delivery.partition);
  if (route_.order == config::Order::none || key.data == nullptr) return std::nullopt;
  return hash_key(key, delivery.partition);
}

void Dispatcher::append(Key* key, Delivery* delivery, Effects& effects) {
  key->append(delivery);
  if (key->state == KeyState::idle) keys_.ready_last(key);
  if (key->state == KeyState::parked) copy_out(*delivery, effects);
}

}  // namespace gantry::route
