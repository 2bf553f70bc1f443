#include "observe/metric_list.hpp"

namespace gantry::observe {
namespace {

using enum MetricKind;

constexpr std::array kMetrics{
    MetricInfo{"gantry_build_info",
               gauge,
               {"version", "abi", "librdkafka"},
               "1; the labels say what is running"},
    MetricInfo{"gantry_part_ready",
               gauge,
               {"part"},
               "1 where this part of the host is ready, as /readyz tells of it"},
    MetricInfo{"gantry_route_state",
               gauge,
               {"route", "state"},
               "1 for the state that the route is in, 0 for the others"},
    MetricInfo{"gantry_route_stalled",
               gauge,
               {"route"},
               "1 while the route has partitions, its lag has grown and nothing has settled for "
               "stall_after_ms"},
    MetricInfo{"gantry_messages_total",
               counter,
               {"route", "verdict"},
               "Messages by what their handler said; one that is tried again counts again"},
    MetricInfo{"gantry_handler_seconds",
               histogram,
               {"route"},
               "How long a call of the handler took, which may be for a batch"},
    MetricInfo{"gantry_settled_total",
               counter,
               {"route"},
               "Messages that are through: handled, or in the dead-letter topic"},
    MetricInfo{"gantry_retries_total",
               counter,
               {"route"},
               "Failures after which the message waits for another attempt"},
    MetricInfo{"gantry_in_flight", gauge, {"route"}, "Messages in the handler's hands"},
    MetricInfo{"gantry_ready_keys", gauge, {"route"}, "Keys whose messages wait for a lane"},
    MetricInfo{
        "gantry_parked_keys", gauge, {"route"}, "Keys whose first message waits for its retry"},
    MetricInfo{"gantry_consumer_lag",
               gauge,
               {"route", "topic", "partition"},
               "Records of a partition that this host has, from the offset to commit to the end"},
    MetricInfo{"gantry_assigned_partitions", gauge, {"route"}, "Partitions that this host has"},
    MetricInfo{"gantry_full_partitions",
               gauge,
               {"route"},
               "Partitions that wait at window_max_offsets or parked_max_bytes"},
    MetricInfo{"gantry_rebalances_total",
               counter,
               {"route"},
               "Assignments of partitions that the consumer group gave to this host"},
    MetricInfo{"gantry_commit_failures_total",
               counter,
               {"route"},
               "Commits of offsets that failed and were tried again"},
    MetricInfo{"gantry_lost_offsets_total",
               counter,
               {"route"},
               "Offsets that were removed from a topic before this group has read them"},
    MetricInfo{"gantry_dead_letters_total",
               counter,
               {"route", "reason"},
               "Dead letters that are in their topic, or in the outbox on their way there"},
    MetricInfo{"gantry_dead_letter_failures_total",
               counter,
               {"route"},
               "Attempts to write a dead letter that failed; it is tried again"},
    MetricInfo{"gantry_dead_letters_waiting",
               gauge,
               {"route"},
               "Dead letters on their way; while one was refused the route holds"},
    MetricInfo{"gantry_output_records_total",
               counter,
               {"route"},
               "Records that the handler published and the brokers have acknowledged"},
    MetricInfo{"gantry_output_failures_total",
               counter,
               {"route"},
               "Attempts to publish a record that failed; it is tried again"},
    MetricInfo{"gantry_output_records_waiting",
               gauge,
               {"route"},
               "Records of settled messages that the brokers have not acknowledged yet"},
    MetricInfo{"gantry_misbehaviour_total",
               counter,
               {"route", "kind"},
               "What the handler did against the plugin contract"},
    MetricInfo{"gantry_crash_suspects",
               gauge,
               {"route"},
               "Messages in quarantine: the last run may have crashed with them"},
    MetricInfo{"gantry_outbox_rows",
               gauge,
               {"database"},
               "Rows of gantry_outbox that wait to be relayed, counted up to 10,000; only from the "
               "host that relays"},
    MetricInfo{"gantry_outbox_held_rows",
               gauge,
               {"database"},
               "Rows that the brokers refuse for good; see `gantry outbox list`"},
    MetricInfo{"gantry_outbox_oldest_seconds",
               gauge,
               {"database"},
               "Age of the oldest row that waits to be relayed"},
};
static_assert(kMetrics.size() == static_cast<std::size_t>(Metric::count));

}  // namespace

std::span<const MetricInfo> metric_list() { return kMetrics; }

const MetricInfo& metric_info(Metric metric) { return kMetrics[static_cast<std::size_t>(metric)]; }

std::string_view kind_name(MetricKind kind) {
  switch (kind) {
    case counter:
      return "counter";
    case gauge:
      return "gauge";
    default:
      return "histogram";
  }
}

}  // namespace gantry::observe
