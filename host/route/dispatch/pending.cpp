#include "route/dispatch/pending.hpp"

#include "route/dispatch/partition.hpp"

namespace gantry::route {

namespace {

constexpr std::uint32_t kNotNoted = UINT32_MAX;
constexpr journal::Record kNone{.offset = -1, .timestamp_ms = 0, .partition = -1, .topic = 0};

}  // namespace

PendingTable::PendingTable(Milliseconds deadline, Milliseconds grace, JournalHand journal)
    : deadline_(deadline), grace_(grace), journal_(journal) {
  for (std::uint32_t record = journal_.capacity(); record > 0; --record) forget(record - 1);
  journal_.hold(journal_.capacity());
}

std::uint32_t PendingTable::note(const Delivery& delivery) {
  if (free_records_.empty()) return kNotNoted;
  const std::uint32_t record = free_records_.back();
  free_records_.pop_back();
  journal_.put(record, record_of(delivery));
  return record;
}

void PendingTable::forget(std::uint32_t record) {
  if (record == kNotNoted) return;
  journal_.put(record, kNone);
  free_records_.push_back(record);
}

void PendingTable::enter_call(Claim& claim) {
  for (std::uint32_t i = 0; i < claim.size(); ++i) {
    Delivery* delivery = claim.deliveries[i];
    entries_.emplace(delivery->message.slot,
                     Entry{delivery, &claim, i, State::in_call, note(*delivery)});
  }
}

void PendingTable::leave_call(Claim& claim, Time now) {
  for (std::size_t i = 0; i < claim.size(); ++i) {
    const auto at = entries_.find(claim.deliveries[i]->message.slot);
    if (claim.outcomes[i].verdict != GANTRY_PENDING) {
      forget(at->second.record);
      entries_.erase(at);
      continue;
    }
    at->second.state = State::pending;
    at->second.claim = nullptr;
    ++pending_;
    if (deadline_ > Milliseconds{0}) deadlines_.push_back({now + deadline_, at->first});
  }
  // Most are settled long before their deadline.
  if (deadlines_.size() > kFewTimers + 2 * entries_.size())
    std::erase_if(deadlines_, [this](const Timer& t) { return stale(t, State::pending); });
}

bool PendingTable::stale(const Timer& timer, State expected) const {
  const auto at = entries_.find(timer.slot);
  return at == entries_.end() || at->second.state != expected;
}

PendingTable::Settled PendingTable::settle(gantry_slot slot, const gantry_outcome& outcome) {
  const auto at = entries_.find(slot);
  if (at == entries_.end()) return {};
  Entry& entry = at->second;
  switch (entry.state) {
    case State::in_call: {
      Outcome& said = entry.claim->outcomes[entry.index];
      if (said.verdict != kUnsettled) return {};
      said.assign(outcome);
      return {.accepted = true};
    }
    case State::pending:
    case State::cancelled:
    case State::abandoned: {
      const Settled settled{.accepted = entry.state == State::pending,
                            .delivery = entry.delivery,
                            .late = entry.state != State::pending};
      --(entry.state == State::abandoned ? abandoned_ : pending_);
      forget(entry.record);
      entries_.erase(at);
      return settled;
    }
  }
  return {};
}

Delivery* PendingTable::unsettled(gantry_slot slot) const {
  const auto at = entries_.find(slot);
  if (at == entries_.end()) return nullptr;
  const Entry& entry = at->second;
  const bool open = entry.state == State::in_call
                        ? entry.claim->outcomes[entry.index].verdict == kUnsettled
                        : entry.state == State::pending;
  return open ? entry.delivery : nullptr;
}

std::optional<PendingTable::Expiry> PendingTable::next_expired(Time now) {
  drop_stale();
  if (!deadlines_.empty() && deadlines_.front().at <= now) {
    const gantry_slot slot = deadlines_.front().slot;
    deadlines_.pop_front();
    Entry& entry = entries_.find(slot)->second;
    entry.state = State::cancelled;
    graces_.push_back({now + grace_, slot});
    return Expiry{slot, entry.delivery, Expired::deadline};
  }
  if (!graces_.empty() && graces_.front().at <= now) {
    const gantry_slot slot = graces_.front().slot;
    graces_.pop_front();
    return Expiry{slot, entries_.find(slot)->second.delivery, Expired::grace};
  }
  return std::nullopt;
}

std::optional<Time> PendingTable::next_due() const {
  std::optional<Time> due;
  if (!deadlines_.empty()) due = deadlines_.front().at;
  if (!graces_.empty() && (!due || graces_.front().at < *due)) due = graces_.front().at;
  return due;
}

void PendingTable::abandon(gantry_slot slot, Delivery* original) {
  Entry& entry = entries_.find(slot)->second;
  entry.delivery = original;
  entry.state = State::abandoned;
  --pending_;
  ++abandoned_;
}

std::vector<gantry_slot> PendingTable::slots() const {
  std::vector<gantry_slot> all;
  all.reserve(entries_.size());
  for (const auto& [slot, entry] : entries_) all.push_back(slot);
  return all;
}

void PendingTable::drop_stale() {
  while (!deadlines_.empty() && stale(deadlines_.front(), State::pending)) deadlines_.pop_front();
  while (!graces_.empty() && stale(graces_.front(), State::cancelled)) graces_.pop_front();
}

}  // namespace gantry::route
