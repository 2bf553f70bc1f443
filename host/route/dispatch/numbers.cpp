#include "route/dispatch/numbers.hpp"

namespace gantry::route {

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

}  // namespace gantry::route
