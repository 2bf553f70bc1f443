// How far the consumer groups of the routes are behind, and how that looks. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

namespace gantry::cli {

struct PartitionLag {
  std::string topic;
  std::int32_t partition = 0;
  std::optional<std::int64_t> committed;  // not set: nothing is committed
  std::optional<std::int64_t> begin;      // asked for where nothing is committed
  std::optional<std::int64_t> end;        // not set: its leader does not say

  // From the committed offset, or else from the first record that is kept.
  std::optional<std::int64_t> lag() const;
};

struct RouteLag {
  std::string route;
  std::string group;
  std::vector<PartitionLag> partitions;
  std::vector<std::string> missing;  // topics that are not there

  std::int64_t lag() const;  // of those that are known
};

void print_lag(std::ostream& out, const std::vector<RouteLag>& routes);
std::string lag_json(const std::vector<RouteLag>& routes);

}  // namespace gantry::cli
