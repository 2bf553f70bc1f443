// The way in: assignment, offer, take; and time. What follows from verdicts is in verdicts.cpp.
#include "route/dispatcher.hpp"

#include <algorithm>
#include <atomic>
#include <utility>

#include "route/replayed.hpp"

namespace gantry::route {
namespace {

constexpr std::size_t kLeastHighWater = 1024;
constexpr std::size_t kMostHighWater = 16'384;
constexpr std::size_t kRunAhead = 64;                    // messages a lane, for one-by-one handlers
constexpr std::size_t kRecentCount = 8192;               // newest messages of a partition that are
constexpr std::uint64_t kRecentBytes = 2 * 1024 * 1024;  // left in the client's memory
constexpr std::uint64_t kPartitionBytes = 4 * 1024 * 1024;
constexpr std::uint64_t kCopyOverhead = sizeof(Delivery) + sizeof(Key);

std::size_t high_water_mark(const config::Route& route, const HandlerTraits& traits) {
  const auto batch =
      std::min<std::size_t>(static_cast<std::size_t>(route.max_batch), traits.max_batch);
  return std::clamp(2 * static_cast<std::size_t>(route.concurrency) * std::max(batch, kRunAhead),
                    kLeastHighWater, kMostHighWater);
}

// One counter for the process, so that a slot of another route is foreign here.
gantry_slot next_slots(std::size_t count) {
  static std::atomic<gantry_slot> next{1};
  return next.fetch_add(count, std::memory_order_relaxed);
}

void subtract_memory(const Delivery& d) {
  if (d.copy != nullptr) {
    d.partition->copied_bytes -= d.bytes + kCopyOverhead;
  } else {
    --d.partition->held;
    d.partition->held_bytes -= d.bytes;
  }
}

}  // namespace

Dispatcher::Dispatcher(const config::Route& route, const HandlerTraits& traits, std::uint64_t seed,
                       JournalHand pending)
    : route_(route),
      traits_(traits),
      requests_(route.http.has_value()),
      runs_(!traits.may_pend && (traits.max_batch == 1 || traits.orders_within_batch)),
      high_water_(high_water_mark(route, traits)),
      random_(seed),
      pending_(route.handler_deadline, route.cancel_grace, pending),
      room_(static_cast<std::uint64_t>(route.parked_max_bytes)) {}

Partition* Dispatcher::assign(const std::string& topic, std::int32_t number, Start start) {
  auto& slot = partitions_[{topic, number}];
  if (slot == nullptr) {
    slot = std::make_unique<Partition>(topic, number);
    // Once: lanes that still have messages of an earlier assignment read it without the lock.
    slot->journal_topic = start.journal_topic;
  }
  slot->replays = topic == replay_topic(route_.name);
  slot->assigned = true;
  ++slot->epoch;
  slot->frontier.reset(start.committed, std::move(start.settled));
  slot->suspects = {start.suspects.begin(), start.suspects.end()};
  slot->start = start.committed;
  slot->committed = -1;
  ++assigned_;
  return slot.get();
}

void Dispatcher::revoke_all(Effects& effects) {
  for (auto& [name, partition] : partitions_) {
    partition->assigned = false;
    partition->recent.clear();
    partition->recent_bytes = 0;
    partition->settle_order.clear();
  }
  assigned_ = 0;
  gaps_.clear();
  aside_.clear();
  keys_.each([&](Key* key) { drop_waiting(key, effects); });
  // Those on their way to the brokers come back through dead_letter_done and record_done; those
  // that wait are delivered again anyway.
  for (auto& [due, job] : refused_dead_letters_) one_less(job.delivery, effects);
  dead_letters_ -= refused_dead_letters_.size();
  holding_letters_ -= refused_dead_letters_.size();
  refused_dead_letters_.clear();
  dead_letter_error_.clear();
  send_order_.drop_waiting(
      [&](std::unique_ptr<Outgoing> record) { one_less(record->delivery, effects); });
  effects.recall = send_order_.begin_recall();
  effects.cancelled = pending_.slots();
}

void Dispatcher::drop_waiting(Key* key, Effects& effects) {
  Delivery* waiting = key->cut(key->taken);
  while (waiting != nullptr) finish(std::exchange(waiting, waiting->next), effects);
  if (key->head == nullptr) keys_.erase(key);
}

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

std::size_t Dispatcher::permitted(std::size_t limit, bool& probe) const {
  const bool stands = draining_ || paused_ || room_.scarce();
  if (stands || !dead_letter_error_.empty() || !send_order_.trouble().empty()) return 0;
  if (availability_.state() != Availability::State::open) {
    probe = availability_.state() == Availability::State::due;
    limit = probe ? 1 : 0;
  }
  if (traits_.may_pend) {
    const auto most = static_cast<std::size_t>(route_.max_pending);
    limit = std::min(limit, most - std::min(most, in_hands_ + pending_.abandoned()));
  }
  return limit;
}

bool Dispatcher::take(Claim& claim, std::size_t limit) {
  claim.clear();
  bool probe = false;
  limit = permitted(limit, probe);
  const Key* first = limit == 0 ? nullptr : first_to_take(limit);
  if (first == nullptr) return false;
  const std::uint32_t suspicion = first->head->batch_limit;
  if (suspicion != 0) limit = std::min<std::size_t>(limit, suspicion);

  while (claim.size() < limit && keys_.first_ready() != nullptr &&
         keys_.first_ready()->head->batch_limit == suspicion)
    take_run(claim, keys_.take_ready(), runs_ ? limit - claim.size() : 1);

  gantry_slot slot = next_slots(claim.size());
  for (Delivery* d : claim.deliveries) {
    d->message.slot = slot++;
    d->message.attempt = d->attempts + 1;
    d->message.deadline_ms = static_cast<std::uint32_t>(route_.handler_deadline.count());
  }
  if (probe) {
    availability_.probe_sent();
    claim.deliveries.front()->probe = true;
  }
  if (traits_.may_pend) pending_.enter_call(claim);
  return true;
}

void Dispatcher::take_run(Claim& claim, Key* key, std::size_t most) {
  const std::uint32_t suspicion = key->head->batch_limit;
  for (Delivery* d = key->head; d != nullptr && key->taken < most && d->batch_limit == suspicion;
       d = d->next) {
    claim.add(d);
    d->in_hands = true;
    ++key->taken;
    ++in_hands_;
    if (d->suspect != 0) ++suspects_in_hands_;
  }
}

std::optional<Time> Dispatcher::next_due() const {
  std::optional<Time> due = keys_.next_due();
  const auto earlier = [&due](std::optional<Time> other) {
    if (other && (!due || *other < *due)) due = other;
  };
  earlier(availability_.next_due());
  earlier(pending_.next_due());
  earlier(send_order_.next_due());
  if (!refused_dead_letters_.empty()) earlier(refused_dead_letters_.begin()->first);
  return due;
}

void Dispatcher::tick(Time now, Effects& effects) {
  availability_.tick(now);
  while (Key* key = keys_.take_due(now)) keys_.ready_first(key);
  while (const auto expiry = pending_.next_expired(now)) expire(*expiry, now, effects);
  while (!refused_dead_letters_.empty() && refused_dead_letters_.begin()->first <= now) {
    effects.dead_letters.push_back(std::move(refused_dead_letters_.begin()->second));
    refused_dead_letters_.erase(refused_dead_letters_.begin());
  }
  effects.recall |= send_order_.tick(now);
  effects.records |= send_order_.ready();
}

std::vector<Offset> Dispatcher::committable() {
  std::vector<Offset> moved;
  for (auto& [name, partition] : partitions_) {
    if (!partition->assigned) continue;
    const Frontier& frontier = partition->frontier;
    const auto offset = frontier.committable();
    if (!offset) continue;
    if (*offset == partition->committed && frontier.settled() == partition->committed_settled)
      continue;
    partition->committed = *offset;
    partition->committed_settled = frontier.settled();
    moved.push_back(
        {partition->topic, partition->number, *offset, frontier.settled_above(kMostRanges)});
  }
  return moved;
}

std::vector<Offset> Dispatcher::positions(std::size_t ranges) const {
  std::vector<Offset> all;
  for (const auto& [name, partition] : partitions_) {
    const Frontier& frontier = partition->frontier;
    const std::int64_t offset = frontier.committable().value_or(partition->start);
    if (partition->assigned && offset >= 0)
      all.push_back(
          {partition->topic, partition->number, offset, frontier.settled_above(ranges)});
  }
  return all;
}

void Dispatcher::forget_committed() {
  for (auto& [name, partition] : partitions_) partition->committed = -1;
}

Dispatcher::Status Dispatcher::status() const {
  Status status{.availability = availability_.state(),
                .unavailable_reason = unavailable_reason_,
                .dead_letter_error = dead_letter_error_,
                .publish_error = send_order_.trouble(),
                .partitions = assigned_,
                .ready = keys_.ready_count(),
                .parked = keys_.parked_count(),
                .in_hands = in_hands_,
                .pending = pending_.pending(),
                .abandoned = pending_.abandoned(),
                .timers = pending_.timers(),
                .skipped = skipped_,
                .unsent = send_order_.size(),
                .record_bytes = room_.used(),
                .letters = requests_ ? 0 : dead_letters_,
                .suspects = aside_.size() + suspects_in_hands_};
  for (const auto& [name, partition] : partitions_) {
    if (!partition->assigned) continue;
    status.full_partitions += full(*partition) ? 1 : 0;
    status.suspects += partition->suspects.size();
  }
  return status;
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
  subtract_memory(*delivery);
  clear(*delivery, effects.released);
  free_.push_back(delivery);
}

}  // namespace gantry::route
