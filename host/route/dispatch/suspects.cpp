// Messages that are suspected of having crashed the process: they wait for their turn alone, and
// one that did it again and again becomes a dead letter without being handled once more.
#include "route/dispatch/dispatcher.hpp"

namespace gantry::route {

// Whether this record is one of those that its partition waits for. What was waited for below it is
// gone: it was settled, or is not in the log any more.
void Dispatcher::look_for_suspect(Delivery& delivery, Effects& effects) {
  auto& awaited = delivery.partition->suspects;
  while (!awaited.empty() && awaited.front().offset <= delivery.log_offset) {
    const AwaitedSuspect suspect = awaited.front();
    awaited.pop_front();
    const bool here = suspect.offset == delivery.log_offset &&
                      suspect.timestamp_ms == delivery.message.timestamp_ms;
    if (!here) {
      effects.cleared.push_back(suspect.number);
      continue;
    }
    delivery.suspect = suspect.number + 1;
    delivery.batch_limit = 1;
    delivery.crashes = suspect.crashes;
  }
}

bool Dispatcher::convicted(const Delivery& delivery) const {
  return delivery.crashes >= static_cast<std::uint32_t>(route_.crash_limit);
}

// It is settled. One that was not handled stays known until its offset is committed: it may come
// again.
void Dispatcher::clear_suspect(const Delivery& delivery, Effects& effects) const {
  if (!convicted(delivery)) effects.cleared.push_back(delivery.suspect - 1);
}

// True: it has crashed the process too often and is not handed out.
bool Dispatcher::convict(Delivery* delivery, Effects& effects) {
  if (!convicted(*delivery)) return false;
  delivery->attempts = delivery->crashes - 1;  // and the last
  bury(delivery, DeadLetterCause::crashed,
       Outcome{.verdict = GANTRY_REJECT,
               .reason = "the process crashed " + std::to_string(delivery->crashes) +
                         " times while this message was handled alone",
               .error_class = "crash"},
       effects);
  return true;
}

bool Dispatcher::wants_turn() const {
  bool probe = false;
  return !aside_.empty() && suspects_in_hands_ == 0 && permitted(1, probe) != 0;
}

// The key to hand out next; nullptr: none. Suspects that stand first are set aside.
const Key* Dispatcher::first_to_take(std::size_t& limit) {
  if (handing_ == Handing::nothing) return nullptr;
  while (keys_.first_ready() != nullptr && keys_.first_ready()->head->suspect != 0)
    aside_.push_back(keys_.take_ready());
  if (handing_ == Handing::all) return keys_.first_ready();
  if (aside_.empty() || suspects_in_hands_ != 0) return nullptr;
  keys_.ready_first(aside_.front());
  aside_.pop_front();
  limit = 1;
  return keys_.first_ready();
}

}  // namespace gantry::route
