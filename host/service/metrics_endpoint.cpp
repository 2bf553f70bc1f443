#include "service/metrics_endpoint.hpp"

#include <gantry/abi.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <string>

#include "kafka/offsets.hpp"
#include "observe/metrics.hpp"

namespace gantry::service {
namespace {

using observe::HistogramSample;
using observe::Metric;
using observe::MetricKind;
using observe::MetricPage;

constexpr std::array kStates{"starting",    "waiting",     "running", "standby",
                             "stopped",     "unavailable", "holding", "stuck",
                             "window_full", "paused",      "lapsed"};

double seconds(std::chrono::nanoseconds time) {
  return std::chrono::duration<double>(time).count();
}

void add_build(MetricPage& page) {
  const std::string abi = std::to_string(GANTRY_ABI_MAJOR) + "." + std::to_string(GANTRY_ABI_MINOR);
  page.add(Metric::build_info, {GANTRY_VERSION, abi, kafka::client_version()}, 1);
}

void add_state(MetricPage& page, const std::string& route, const std::string& state) {
  for (const std::string_view one : kStates)
    page.add(Metric::route_state, {route, one}, one == state);
  if (std::ranges::find(kStates, state) == kStates.end())
    page.add(Metric::route_state, {route, state}, 1);
}

void add_calls(MetricPage& page, const std::string& route, const route::CallTimeTotals& calls) {
  HistogramSample sample;
  for (const auto bound : route::kCallTimeBounds) sample.bounds.push_back(seconds(bound));
  sample.in_bucket.assign(calls.buckets.begin(), calls.buckets.end());
  sample.sum = seconds(calls.sum);
  page.add(Metric::handler_seconds, {route}, sample);
}

void add_counts(MetricPage& page, const std::string& route, const route::Counts& counts) {
  const auto count = [&](Metric metric, std::uint64_t value) {
    page.add(metric, {route}, static_cast<double>(value));
  };
  const auto verdict = [&](std::string_view name, std::uint64_t value) {
    page.add(Metric::messages, {route, name}, static_cast<double>(value));
  };
  verdict("ok", counts.ok);
  verdict("retry", counts.retry);
  verdict("reject", counts.reject);
  verdict("unavailable", counts.unavailable);
  verdict("timeout", counts.timeout);
  count(Metric::settled, counts.settled);
  count(Metric::retries, counts.retries);
  count(Metric::rebalances, counts.rebalances);
  count(Metric::commit_failures, counts.commit_failures);
  count(Metric::lost_offsets, counts.lost_offsets);
  count(Metric::dead_letter_failures, counts.dead_letter_failures);
  count(Metric::output_records, counts.published);
  count(Metric::output_failures, counts.publish_failures);
  using Cause = route::DeadLetterCause;
  for (const Cause cause : {Cause::rejected, Cause::exhausted, Cause::crashed, Cause::send_failed})
    page.add(Metric::dead_letters, {route, route::cause_name(cause)},
             static_cast<double>(counts.dead_letters[static_cast<std::size_t>(cause)]));
}

void add_status(MetricPage& page, const std::string& route,
                const route::Dispatcher::Status& status) {
  const auto gauge = [&](Metric metric, std::size_t value) {
    page.add(metric, {route}, static_cast<double>(value));
  };
  gauge(Metric::in_flight, status.in_hands);
  gauge(Metric::ready_keys, status.ready);
  gauge(Metric::parked_keys, status.parked);
  gauge(Metric::assigned_partitions, status.partitions);
  gauge(Metric::full_partitions, status.full_partitions);
  gauge(Metric::dead_letters_waiting, status.letters);
  gauge(Metric::output_records_waiting, status.unsent);
  gauge(Metric::crash_suspects, status.suspects);
}

void add_route(MetricPage& page, const RouteFacts& facts, const RouteWatch& watch) {
  add_calls(page, facts.name, facts.numbers.calls);
  add_counts(page, facts.name, facts.numbers.counts);
  add_status(page, facts.name, facts.numbers.status);
  for (const auto& [kind, count] : facts.misbehaviour)
    page.add(Metric::misbehaviour, {facts.name, kind}, static_cast<double>(count));
  if (facts.group.empty()) return;
  for (const route::PartitionNumbers& one : facts.numbers.partitions)
    if (const auto behind = watch.lag(one))
      page.add(Metric::consumer_lag, {facts.name, one.topic, std::to_string(one.number)},
               static_cast<double>(*behind));
}

void add_outbox(MetricPage& page, const OutboxRelays& relays) {
  for (const auto& [database, backlog] : relays.backlogs()) {
    page.add(Metric::outbox_rows, {database}, static_cast<double>(backlog.rows));
    page.add(Metric::outbox_held_rows, {database}, static_cast<double>(backlog.held));
    page.add(Metric::outbox_oldest_seconds, {database}, backlog.oldest_seconds);
  }
}

void add_plugins(MetricPage& page, const plugin::Instruments& instruments) {
  using Kind = plugin::Instrument::Kind;
  for (const auto& [name, help, kind, route, instrument] : instruments.all()) {
    if (kind == Kind::histogram)
      page.add_foreign(name, help, route,
                       {instrument->bounds(), instrument->buckets(), instrument->value()});
    else
      page.add_foreign(name, kind == Kind::counter ? MetricKind::counter : MetricKind::gauge, help,
                       route, instrument->value());
  }
}

http::Response answer(const MetricSources& sources) {
  MetricPage page;
  add_build(page);
  const auto parts = sources.health.snapshot();
  for (const auto& [name, part] : parts) page.add(Metric::part_ready, {name}, part.ready);
  for (const auto& [name, facts] : sources.board.facts()) {
    const auto part = parts.find("route:" + name);
    add_state(page, name, part == parts.end() ? "starting" : part->second.state);
    page.add(Metric::route_stalled, {name}, sources.watch.stalled(name));
    add_route(page, facts, sources.watch);
  }
  add_outbox(page, sources.relays);
  add_plugins(page, sources.instruments);
  http::Response response;
  response.content_type = MetricPage::content_type;
  response.body = page.text();
  return response;
}

}  // namespace

http::Handler metrics_endpoint(const MetricSources& sources) {
  return [sources](const http::Request&) { return answer(sources); };
}

}  // namespace gantry::service
