#include "route/numbers.hpp"

#include "route/route.hpp"

namespace gantry::route {

void Dispatcher::count(const Delivery& delivery, const Outcome& outcome, Time now) {
  const bool alone = outcome.group <= 1;
  switch (outcome.verdict) {
    case GANTRY_OK:
      ++counts_.ok;
      return;
    case GANTRY_REJECT:
      if (alone) ++counts_.reject, errors_.note(delivery, "reject", outcome, now);
      return;
    case GANTRY_RETRY:
      if (alone) ++counts_.retry, errors_.note(delivery, "retry", outcome, now);
      return;
    case GANTRY_UNAVAILABLE:
      if (delivery.no_room) return;  // the host's own doing
      ++counts_.unavailable;
      errors_.note(delivery, "unavailable", outcome, now);
      return;
    case kTimedOut:
      ++counts_.timeout;
      errors_.note(delivery, "timeout", outcome, now);
      return;
    default:
      return;
  }
}

void Dispatcher::describe(Numbers& numbers) const {
  numbers.status = status();
  numbers.counts = counts_;
  const auto& errors = errors_.newest_first();
  numbers.errors.assign(errors.begin(), errors.end());
  for (const auto& [name, partition] : partitions_) {
    if (!partition->assigned) continue;
    numbers.partitions.push_back(
        {.topic = partition->topic,
         .number = partition->number,
         .position = partition->frontier.committable().value_or(partition->start)});
  }
}

Numbers Route::numbers() {
  Numbers numbers;
  for (const CallTimes& times : call_times_) times.add_to(numbers.calls);
  const Lock lock{mutex_};
  dispatcher_.describe(numbers);
  numbers.assigned = assigned_;
  return numbers;
}

}  // namespace gantry::route
