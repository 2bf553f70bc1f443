// The state of a route: its partitions, what falls due, what it tells of itself. The way of a
// message through it begins in offering.cpp.
#include "route/dispatch/dispatcher.hpp"

#include <algorithm>
#include <utility>

#include "route/message/replayed.hpp"

namespace gantry::route {
namespace {

constexpr std::size_t kLeastHighWater = 1024;
constexpr std::size_t kMostHighWater = 16'384;
constexpr std::size_t kRunAhead = 64;  // messages a lane, for one-by-one handlers

std::size_t high_water_mark(const config::Route& route, const HandlerTraits& traits) {
  const auto batch =
      std::min<std::size_t>(static_cast<std::size_t>(route.max_batch), traits.max_batch);
  return std::clamp(2 * static_cast<std::size_t>(route.concurrency) * std::max(batch, kRunAhead),
                    kLeastHighWater, kMostHighWater);
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
      all.push_back({partition->topic, partition->number, offset, frontier.settled_above(ranges)});
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

}  // namespace gantry::route
