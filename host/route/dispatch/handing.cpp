// To the lanes and back: what may be handed out now, and what comes back without having been begun.
#include <algorithm>
#include <atomic>
#include <utility>

#include "route/dispatch/dispatcher.hpp"

namespace gantry::route {
namespace {

// One counter for the process, so that a slot of another route is foreign here.
gantry_slot next_slots(std::size_t count) {
  static std::atomic<gantry_slot> next{1};
  return next.fetch_add(count, std::memory_order_relaxed);
}

}  // namespace

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

}  // namespace gantry::route
