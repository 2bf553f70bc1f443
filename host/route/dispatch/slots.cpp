// Messages that are settled by their slot, whenever a handler that may pend says so, or does not.
#include <utility>

#include "route/dispatch/dispatcher.hpp"

namespace gantry::route {
namespace {

constexpr const char* kDeadlineExceeded = "handler deadline exceeded";

}  // namespace

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
