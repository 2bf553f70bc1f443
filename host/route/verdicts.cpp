// What follows from a verdict: for the message, its key, its batch and the route.
#include <algorithm>
#include <utility>

#include "route/dispatcher.hpp"

namespace gantry::route {
namespace {

// Unavailable so often while others succeeded: it is the message after all.
constexpr std::uint32_t kStrikes = 3;
constexpr Milliseconds kDeadLetterBackoff{1000};
constexpr const char* kDeadlineExceeded = "handler deadline exceeded";

}  // namespace

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

void Dispatcher::give_back(Claim& claim, std::size_t from, Effects& effects) {
  for (std::size_t i = from; i < claim.size(); ++i) {
    Delivery* delivery = claim.deliveries[i];
    Key* key = delivery->key;
    if (std::exchange(delivery->probe, false)) availability_.probe_returned_unused();
    let_go(*delivery);
    let_in(*delivery, effects);
    if (--key->taken == 0) place(key, {Fate::again_first}, effects);
  }
  claim.deliveries.resize(from);
  release_front();
}

void Dispatcher::release_front() {
  for (auto key = to_front_.rbegin(); key != to_front_.rend(); ++key) keys_.ready_first(*key);
  to_front_.clear();
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

Dispatcher::Fate Dispatcher::judge(Delivery& delivery, const Outcome& outcome, Time now) {
  const bool shared_blame = outcome.group > 1;
  if (outcome.verdict != GANTRY_OK) count_failure(delivery, outcome, now);
  switch (outcome.verdict) {
    case GANTRY_OK:
      ++successes_;
      ++counts_.ok;
      // Whoever waits for the answer to a request waits for its records, too.
      if (!requests_ || delivery.records.empty()) availability_.succeeded(now, delivery.probe);
      return {Fate::done};
    case GANTRY_REJECT:
      if (shared_blame) break;
      availability_.succeeded(now, delivery.probe);
      return {.what = Fate::buried, .cause = DeadLetterCause::rejected};
    case GANTRY_UNAVAILABLE:
      if (delivery.no_room) {  // says nothing of what handlers depend on
        if (delivery.probe) availability_.probe_returned_unused();
        if (shared_blame) break;
        return {Fate::again_first};
      }
      if (!judge_unavailable(delivery, outcome, now)) {
        if (shared_blame) break;
        return judge_failure(delivery, outcome, now);
      }
      if (requests_) return {.what = Fate::buried, .cause = DeadLetterCause::unavailable};
      return {Fate::again_last};
    case GANTRY_RETRY:
      if (shared_blame) break;
      availability_.succeeded(now, delivery.probe);
      return judge_failure(delivery, outcome, now);
    case GANTRY_PENDING:
      return {Fate::in_hands};
    case kTimedOut:  // says nothing of the dependency, neither good nor bad
      if (delivery.probe) availability_.probe_returned_unused();
      return judge_failure(delivery, outcome, now);
    default:  // kNotRun
      if (delivery.probe) availability_.probe_returned_unused();
      return {Fate::again_first};
  }
  // Somebody in this batch is to blame: in halves down to one message, and for good, so that it
  // does not draw neighbours into its next attempt.
  delivery.batch_limit = (outcome.group + 1) / 2;
  return {Fate::again_first};
}

Dispatcher::Fate Dispatcher::judge_failure(Delivery& delivery, const Outcome& outcome, Time now) {
  ++delivery.attempts;
  // The client of a request tries again itself.
  if (requests_ || delivery.attempts >= static_cast<std::uint32_t>(route_.retry.max_attempts))
    return {.what = Fate::buried, .cause = DeadLetterCause::exhausted};
  ++counts_.retries;
  const Milliseconds wait =
      std::max(backoff_before_retry(route_.retry, delivery.attempts, random()),
               Milliseconds{outcome.retry_after_ms});
  return {.what = Fate::parked, .until = now + wait};
}

// False: it is not the dependency.
bool Dispatcher::judge_unavailable(Delivery& delivery, const Outcome& outcome, Time now) {
  const bool others_succeeded =
      delivery.unavailable_at != 0 && successes_ + 1 > delivery.unavailable_at;
  delivery.unavailable_at = successes_ + 1;
  if (others_succeeded && ++delivery.unavailable_strikes >= kStrikes) {
    delivery.unavailable_strikes = 0;
    availability_.succeeded(now, delivery.probe);
    return false;
  }
  unavailable_reason_ = outcome.reason;
  availability_.unavailable(now, delivery.probe, Milliseconds{outcome.retry_after_ms}, random());
  return true;
}

void Dispatcher::let_go(Delivery& delivery) {
  delivery.in_hands = false;
  delivery.message.slot = 0;
  --in_hands_;
  if (delivery.suspect != 0) --suspects_in_hands_;
}

// One that comes out of a handler's hands and stays with the route.
void Dispatcher::let_in(Delivery& delivery, Effects& effects) {
  if (delivery.aged && !delivery.in_hands) copy_out(delivery, effects);
}

// Nobody wants these any more. Those of an earlier assignment always stand first.
void Dispatcher::finish_stale(Key* key, Effects& effects) {
  while (key->head != nullptr && (!current(*key->head) || key->head->withdrawn))
    finish(key->pop(), effects);
}

void Dispatcher::finish_orphan(Delivery* delivery, Key* key, bool ok, Effects& effects) {
  if (delivery->probe) availability_.probe_returned_unused();
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

// Its key goes on, though it is not settled yet.
void Dispatcher::pass(const Delivery& delivery) {
  const auto order = requests_ || !current(delivery) ? std::nullopt : order_of(delivery);
  if (order) delivery.partition->settle_order.pass(*order, delivery.sequence);
}

void Dispatcher::bury(Delivery* delivery, DeadLetterCause cause, Outcome outcome,
                      Effects& effects) {
  copy_out(*delivery, effects);
  pass(*delivery);
  if (cause != DeadLetterCause::exhausted) ++delivery->attempts;  // that of the verdict itself
  delivery->unsent = 1;
  delivery->refused = requests_;
  ++dead_letters_;
  effects.dead_letters.push_back({delivery, cause, std::move(outcome)});
}

void Dispatcher::dead_letter_done(DeadLetterJob job, bool acknowledged, std::string error, Time now,
                                  Effects& effects) {
  if (!requests_)
    ++(acknowledged ? counts_.dead_letters[static_cast<std::size_t>(job.cause)]
                    : counts_.dead_letter_failures);
  if (acknowledged || !current(*job.delivery)) {
    if (job.refused && --holding_letters_ == 0) dead_letter_error_.clear();
    --dead_letters_;
    one_through(job.delivery, now, effects);
    return;
  }
  // Nothing may pass it by: the route holds until the brokers take it.
  if (!std::exchange(job.refused, true)) ++holding_letters_;
  dead_letter_error_ = error.empty() ? "the dead letter was not acknowledged" : std::move(error);
  refused_dead_letters_.emplace(now + kDeadLetterBackoff, std::move(job));
}

bool Dispatcher::settle_slot(gantry_slot slot, const gantry_outcome& said, Time now,
                             Effects& effects) {
  const PendingTable::Settled settled = pending_.settle(slot, said);
  Delivery* delivery = settled.delivery;
  if (delivery == nullptr) return settled.accepted;
  Outcome outcome;
  outcome.assign(said);
  if (settled.late) {
    if (delivery->partition == nullptr) {  // abandoned before
      clear(*delivery, effects.released);
      free_.push_back(delivery);
      return false;
    }
    outcome = Outcome{.verdict = kTimedOut, .reason = kDeadlineExceeded, .error_class = "deadline"};
  }
  settle_one(delivery, std::move(outcome), now, effects);
  return settled.accepted;
}

void Dispatcher::settle_one(Delivery* delivery, Outcome outcome, Time now, Effects& effects) {
  settle_run({&delivery, 1}, {&outcome, 1}, now, effects);
  release_front();
  if (requests_) refuse_waiting(effects);
}

void Dispatcher::expire(const PendingTable::Expiry& expiry, Time now, Effects& effects) {
  if (expiry.what == PendingTable::Expired::deadline) {
    effects.cancelled.push_back(expiry.slot);
    return;
  }
  // The handler did not let go within the grace: its key goes on with a copy, the original stays as
  // it is for it.
  Delivery* original = expiry.delivery;
  Delivery* twin = acquire();
  if (requests_)
    twin->bytes = original->bytes;  // its client has been answered: nothing of it is read again
  else
    copy_record(*original, *twin);
  twin->partition = original->partition;
  twin->epoch = original->epoch;
  twin->sequence = original->sequence;
  twin->attempts = original->attempts;
  twin->batch_limit = original->batch_limit;
  twin->suspect = original->suspect;
  twin->probe = original->probe;
  twin->withdrawn = original->withdrawn;
  twin->in_hands = true;
  drop_records(*original);
  Key* key = original->key;
  key->pop();
  key->prepend(twin);
  original->partition = nullptr;
  pending_.abandon(expiry.slot, original);
  settle_one(twin,
             Outcome{.verdict = kTimedOut, .reason = kDeadlineExceeded, .error_class = "deadline"},
             now, effects);
}

}  // namespace gantry::route
