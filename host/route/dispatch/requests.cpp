// What is special about a route whose messages are HTTP requests: somebody waits for each of them.
// While a dependency is down they are told so at once, and who has gone away is not worked for.
#include <utility>

#include "route/dispatch/dispatcher.hpp"

namespace gantry::route {

void Dispatcher::succeed(Delivery& delivery, Effects& effects) const {
  if (requests_ && delivery.fetched != nullptr)
    effects.succeeded.push_back(std::exchange(delivery.fetched, nullptr));
}

// All that no handler has in its hands, except one to ask with when the pause is over.
void Dispatcher::refuse_waiting(Effects& effects) {
  if (availability_.state() == Availability::State::open) return;
  const bool due = availability_.state() == Availability::State::due;
  const Key* probe = due ? keys_.first_ready() : nullptr;
  const auto retry_after = static_cast<std::uint32_t>(availability_.pause().count());
  keys_.each([&](Key* key) {
    Delivery* waiting = key->cut(key == probe ? 1 : key->taken);
    while (waiting != nullptr)
      bury(std::exchange(waiting, std::exchange(waiting->next, nullptr)),
           DeadLetterCause::unavailable,
           Outcome{.verdict = GANTRY_UNAVAILABLE,
                   .retry_after_ms = retry_after,
                   .reason = unavailable_reason_,
                   .error_class = {}},
           effects);
    if (key->head == nullptr) keys_.erase(key);
  });
}

void Dispatcher::withdraw(const void* fetched, Effects& effects) {
  Delivery* gone = nullptr;
  Delivery* before = nullptr;
  keys_.each([&](const Key* key) {
    Delivery* last = nullptr;
    for (Delivery* d = key->head; d != nullptr && gone == nullptr; last = std::exchange(d, d->next))
      if (d->fetched == fetched) gone = d, before = last;
  });
  if (gone == nullptr) return;
  gone->withdrawn = true;
  if (gone->in_hands) {
    if (gone->message.slot != 0) effects.cancelled.push_back(gone->message.slot);
    return;
  }
  Key* key = gone->key;
  (before != nullptr ? before->next : key->head) = gone->next;
  if (key->tail == gone) key->tail = before;
  --key->waiting;
  if (key->head == nullptr) keys_.erase(key);
  finish(gone, effects);
}

}  // namespace gantry::route
