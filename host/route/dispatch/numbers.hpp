// Everything that a route tells of itself at one moment, for metrics and /routes: a copy.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "route/dispatch/call_times.hpp"
#include "route/dispatch/counts.hpp"
#include "route/dispatch/dispatcher.hpp"
#include "route/dispatch/recent_errors.hpp"

namespace gantry::route {

// An assigned partition.
struct PartitionNumbers {
  std::string topic;
  std::int32_t number = 0;
  std::int64_t position = -1;  // the offset to commit; -1: nothing was ever committed or settled
};

struct Numbers {
  bool assigned = false;
  Dispatcher::Status status{};
  Counts counts;
  CallTimeTotals calls;
  std::vector<PartitionNumbers> partitions;
  std::vector<RecentError> errors;  // newest first
};

}  // namespace gantry::route
