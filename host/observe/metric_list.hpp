// Every metric that /metrics has, but for the plugins' own: name, kind, labels and help, in this
// one list. The README's table is checked against it. Constant data.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string_view>

namespace gantry::observe {

enum class MetricKind { counter, gauge, histogram };

enum class Metric : std::size_t {
  build_info,
  part_ready,
  route_state,
  route_stalled,
  messages,
  handler_seconds,
  settled,
  retries,
  in_flight,
  ready_keys,
  parked_keys,
  consumer_lag,
  assigned_partitions,
  full_partitions,
  rebalances,
  commit_failures,
  lost_offsets,
  dead_letters,
  dead_letter_failures,
  dead_letters_waiting,
  output_records,
  output_failures,
  output_records_waiting,
  misbehaviour,
  crash_suspects,
  outbox_rows,
  outbox_held_rows,
  outbox_oldest_seconds,
  count
};

struct MetricInfo {
  std::string_view name;
  MetricKind kind;
  std::array<std::string_view, 3> labels;  // those that are not empty
  std::string_view help;
};

std::span<const MetricInfo> metric_list();  // in the order of Metric
const MetricInfo& metric_info(Metric metric);
std::string_view kind_name(MetricKind kind);  // "counter", "gauge", "histogram"

}  // namespace gantry::observe
