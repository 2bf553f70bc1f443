// The simulation's handlers: what they do with what they are given, together, one by one or later.
#include <gtest/gtest.h>

#include <algorithm>

#include "unit/route/simulation.hpp"

namespace gantry::route {

gantry_verdict Simulation::verdict_for(Record& r) {
  if (r.unavailable_left > 0 && !calm_ && chance(50)) {
    --r.unavailable_left;
    return GANTRY_UNAVAILABLE;
  }
  switch (r.temper) {
    case Temper::good:
      return GANTRY_OK;
    case Temper::fails_at_first:
      return r.failures_left-- > 0 ? GANTRY_RETRY : GANTRY_OK;
    case Temper::rejected:
      return GANTRY_REJECT;
    case Temper::always_fails:
      return GANTRY_RETRY;
    case Temper::never_available:
      return calm_ ? GANTRY_OK : GANTRY_UNAVAILABLE;
  }
  return GANTRY_OK;
}

// What the handler did, before the dispatcher hears of it.
void Simulation::apply_verdict(const Hands& hands, gantry_verdict verdict) {
  if (verdict == GANTRY_RETRY || verdict == GANTRY_UNAVAILABLE) ++record(hands).counted;
  if (verdict != GANTRY_OK) return;
  if (publishes_) {
    if (current(hands.partition, hands.epoch)) record(hands).done_in = assignment_;
    return;
  }
  record(hands).ok = true;
  if (current(hands.partition, hands.epoch)) record(hands).ok_in = assignment_;
  if (record(hands).offered_in == assignment_) record(hands).done_in = assignment_;
}

void Simulation::settle_some_claim() {
  if (engine_->claims.empty()) return;
  auto at = engine_->claims.begin();
  std::advance(at, roll(engine_->claims.size()));
  Claim* claim = &*at;
  std::set<int> keys;
  for (const Delivery* delivery : claim->deliveries) keys.insert(order_key(find(*delivery)));
  for (const int key : keys) --key_in_hands_[key];
  if (traits_.max_batch == 1 && !traits_.may_pend)
    settle_one_by_one(claim);
  else
    settle_batch(claim);
  collect_letters();
}

// As a lane does: one after the other; behind one that comes again, its key waits; what was not
// begun may be taken back.
void Simulation::settle_one_by_one(Claim* claim) {
  if (claim->size() > 1 && chance(20)) {
    const std::size_t begun = 1 + roll(claim->size() - 1);
    engine_->give_back(claim, begun);
  }
  std::vector<gantry_verdict> verdicts;
  std::set<int> blocked;
  const bool halted = chance(10);
  for (std::size_t i = 0; i < claim->size(); ++i) {
    const Hands hands = find(*claim->deliveries[i]);
    const int key = order_key(hands);
    gantry_verdict verdict = kNotRun;
    if ((!halted || verdicts.empty()) && (key == 0 || !blocked.contains(key)))
      verdict = verdict_for(record(hands));
    const bool room = verdict != GANTRY_OK || publish(claim, i);
    if (!room) verdict = GANTRY_UNAVAILABLE;
    if (verdict != GANTRY_OK && verdict != GANTRY_REJECT) blocked.insert(key);
    apply_verdict(hands, room ? verdict : kNotRun);
    verdicts.push_back(verdict);
  }
  engine_->settle_each(claim, verdicts);
}

void Simulation::settle_batch(Claim* claim) {
  std::vector<gantry_verdict> verdicts;
  std::vector<gantry_verdict> own;  // without regard to what stands before it
  std::map<int, bool> again;
  std::set<std::size_t> crowded;
  for (std::size_t i = 0; i < claim->size(); ++i) {
    const Hands hands = find(*claim->deliveries[i]);
    const int key = order_key(hands);
    own.push_back(GANTRY_PENDING);
    if (traits_.may_pend && !calm_ && chance(40)) {
      verdicts.push_back(GANTRY_PENDING);
      continue;
    }
    gantry_verdict verdict = verdict_for(record(hands));
    own.back() = verdict;
    if (key != 0 && again[key]) verdict = GANTRY_RETRY;
    if (verdict == GANTRY_OK && !publish(claim, i)) {
      verdict = GANTRY_UNAVAILABLE;
      crowded.insert(i);
    }
    if (verdict == GANTRY_RETRY || verdict == GANTRY_UNAVAILABLE) again[key] = true;
    verdicts.push_back(verdict);
  }
  const auto failed = std::ranges::find_if(
      verdicts, [](gantry_verdict v) { return v != GANTRY_OK && v != GANTRY_PENDING; });
  const bool together = !traits_.may_pend && chance(60);
  if (together) {
    // One transaction: all of it or nothing.
    const gantry_verdict rest = failed == verdicts.end() ? GANTRY_OK : *failed;
    if (rest != GANTRY_OK && claim->size() > 1)  // nobody's own failure: it uses no failures up
      for (std::size_t i = 0; i < own.size(); ++i)
        if (own[i] == GANTRY_RETRY) ++record(find(*claim->deliveries[i])).failures_left;
    const bool nobodys = rest != GANTRY_OK && (claim->size() > 1 || !crowded.empty());
    for (const Delivery* delivery : claim->deliveries)
      apply_verdict(find(*delivery), nobodys ? kNotRun : rest);
    engine_->settle(claim, rest);
    return;
  }
  for (std::size_t i = 0; i < verdicts.size(); ++i) {
    const Hands hands = find(*claim->deliveries[i]);
    apply_verdict(hands, crowded.contains(i) ? kNotRun : verdicts[i]);
    if (verdicts[i] != GANTRY_PENDING) continue;
    pending_[slot_of(claim, i)] = hands;
    pending_since_[slot_of(claim, i)] = engine_->now;
    ++key_in_hands_[order_key(hands)];
  }
  engine_->settle_each(claim, verdicts);
}

void Simulation::settle_some_pending() {
  if (pending_.empty()) return;
  auto at = pending_.begin();
  std::advance(at, roll(pending_.size()));
  const auto [slot, hands] = *at;
  Record& r = record(hands);
  if (!calm_ && chance(5)) {  // its time will run out
    engine_->now = std::max(engine_->now, pending_since_[slot] + engine_->route.handler_deadline);
    engine_->pass(Milliseconds{1});
    if (chance(50)) engine_->pass(engine_->route.cancel_grace + Milliseconds{1});
    forget_timed_out();
    collect_letters();
    return;
  }
  gantry_verdict verdict = verdict_for(r);
  pending_.erase(at);
  --key_in_hands_[order_key(hands)];
  const bool in_time = engine_->now < pending_since_[slot] + engine_->route.handler_deadline;
  const bool room = verdict != GANTRY_OK || !in_time || publish(slot, hands);
  if (!room) verdict = GANTRY_UNAVAILABLE;
  if (in_time) apply_verdict(hands, room ? verdict : kNotRun);
  const bool accepted = engine_->settle_slot(slot, verdict);
  ASSERT_TRUE(accepted || !in_time) << "a settle in time was refused";
  ASSERT_FALSE(engine_->settle_slot(slot, verdict)) << "a second settle was taken";
  collect_letters();
}

// Keys whose handler got its grace and more have gone on; the handler may still settle, late.
void Simulation::forget_timed_out() {
  const auto& route = engine_->route;
  for (auto at = pending_.begin(); at != pending_.end();) {
    const bool deadline = engine_->now >= pending_since_[at->first] + route.handler_deadline;
    if (!deadline) {
      ++at;
      continue;
    }
    // Settled late at once: whether the grace is over or not, the key goes on from here.
    const auto [slot, hands] = *at;
    at = pending_.erase(at);
    ++record(hands).counted;
    --key_in_hands_[order_key(hands)];
    ASSERT_FALSE(engine_->settle_slot(slot, GANTRY_OK)) << "a late settle was taken";
  }
}

}  // namespace gantry::route
