// What follows from verdicts: for the messages of a claim, their keys and their order.
#include <algorithm>
#include <utility>

#include "route/dispatch/dispatcher.hpp"

namespace gantry::route {

void Dispatcher::settle(Claim& claim, const Outcome& rest, Time now, Effects& effects) {
  const std::span outcomes{claim.outcomes.data(), claim.size()};
  const auto left =
      static_cast<std::uint32_t>(std::ranges::count(outcomes, kUnsettled, &Outcome::verdict));
  // Where the records of one found no room, it is nobody's fault that they are all said to wait.
  const bool crowded = rest.verdict == GANTRY_UNAVAILABLE &&
                       std::ranges::any_of(claim.deliveries, &Delivery::no_room);
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    if (outcomes[i].verdict != kUnsettled) continue;
    outcomes[i] = rest;
    outcomes[i].group = left;
    claim.deliveries[i]->no_room |= crowded;
  }
  if (traits_.may_pend) pending_.leave_call(claim, now);

  effects.released.reserve(claim.size());
  const std::span<Delivery* const> deliveries{claim.deliveries};
  for (std::size_t i = 0, end = 0; i < claim.size(); i = end) {
    for (end = i + 1; end < claim.size() && deliveries[end]->key == deliveries[i]->key; ++end) {
    }
    settle_run(deliveries.subspan(i, end - i), outcomes.subspan(i, end - i), now, effects);
  }
  release_front();
  if (requests_) refuse_waiting(effects);
}

void Dispatcher::settle_run(std::span<Delivery* const> deliveries, std::span<Outcome> outcomes,
                            Time now, Effects& effects) {
  Key* key = deliveries.front()->key;
  key->taken = 0;
  Fate head;  // of the first that stays
  survivors_.clear();
  for (std::size_t i = 0; i < deliveries.size(); ++i) {
    Delivery* delivery = key->pop();
    Outcome& outcome = outcomes[i];
    if (outcome.verdict != GANTRY_PENDING) let_go(*delivery);
    if (outcome.verdict != GANTRY_PENDING && (!current(*delivery) || delivery->withdrawn)) {
      finish_orphan(delivery, key, outcome.verdict == GANTRY_OK, effects);
      continue;
    }
    // Behind one that comes again nothing of the key was tried as far as order goes, so nothing is
    // counted.
    const bool counts = survivors_.empty() || outcome.verdict == GANTRY_OK ||
                        outcome.verdict == GANTRY_REJECT || outcome.group > 1;
    const Fate fate = counts ? judge(*delivery, outcome, now) : Fate{Fate::again_first};
    const bool probe = delivery->probe;
    if (fate.what != Fate::in_hands) delivery->probe = false;
    if (fate.what == Fate::done && !delivery->records.empty()) {
      send(delivery, probe, now, effects);
      continue;
    }
    if (fate.what != Fate::in_hands) drop_records(*delivery);
    if (fate.what == Fate::done) {
      succeed(*delivery, effects);
      finish(delivery, effects);
    } else if (fate.what == Fate::buried) {
      bury(delivery, fate.cause, std::move(outcome), effects);
    } else {
      if (survivors_.empty()) head = fate;
      survivors_.push_back(delivery);
      let_in(*delivery, effects);
    }
  }
  for (auto delivery = survivors_.rbegin(); delivery != survivors_.rend(); ++delivery)
    key->prepend(*delivery);
  place(key, head, effects);
}

void Dispatcher::place(Key* key, const Fate& head, Effects& effects) {
  if (head.what != Fate::in_hands) finish_stale(key, effects);
  if (key->head == nullptr) return keys_.erase(key);
  switch (head.what) {
    case Fate::again_first:
      to_front_.push_back(key);
      return;
    case Fate::in_hands:
      key->taken = 1;
      return;
    case Fate::parked:
      keys_.park(key, head.until);
      for (Delivery* d = key->head; d != nullptr; d = d->next) copy_out(*d, effects);
      return;
    default:
      keys_.ready_last(key);
  }
}

void Dispatcher::release_front() {
  for (auto key = to_front_.rbegin(); key != to_front_.rend(); ++key) keys_.ready_first(*key);
  to_front_.clear();
}

// Nobody wants these any more. Those of an earlier assignment always stand first.
void Dispatcher::finish_stale(Key* key, Effects& effects) {
  while (key->head != nullptr && (!current(*key->head) || key->head->withdrawn))
    finish(key->pop(), effects);
}

void Dispatcher::finish_orphan(Delivery* delivery, Key* key, bool ok, Effects& effects) {
  // What it has published is dropped with it, so that its work is not done.
  ok = ok && delivery->records.empty();
  if (requests_) {
    if (ok) succeed(*delivery, effects);
    return finish(delivery, effects);
  }
  // The partition came back while the handler was busy, and the same record waits behind: it is
  // done already.
  Delivery* before = nullptr;
  Delivery* twin = key->head;
  while (twin != nullptr && !current(*twin)) before = std::exchange(twin, twin->next);
  if (ok && twin != nullptr && twin->partition == delivery->partition &&
      twin->log_offset == delivery->log_offset) {
    (before != nullptr ? before->next : key->head) = twin->next;
    if (key->tail == twin) key->tail = before;
    --key->waiting;
    finish(twin, effects);
  }
  finish(delivery, effects);
}

}  // namespace gantry::route
