#include "service/routes_endpoint.hpp"

#include <boost/json.hpp>
#include <chrono>

#include "observe/escape.hpp"
#include "observe/line.hpp"

namespace gantry::service {
namespace {

namespace json = boost::json;
using SystemClock = std::chrono::system_clock;

// What is not UTF-8 would make the whole no JSON.
json::string text(std::string_view raw) {
  if (observe::is_readable(raw, true)) return json::string(raw);
  std::string safe;
  observe::append_escaped(safe, raw, false);
  return json::string(safe);
}

template <typename T>
json::value or_null(const std::optional<T>& value) {
  return value ? json::value(*value) : json::value(nullptr);
}

json::array partitions_json(const route::Numbers& numbers, const RouteWatch& watch) {
  json::array all;
  for (const route::PartitionNumbers& one : numbers.partitions) {
    const std::optional<std::int64_t> position =
        one.position < 0 ? std::nullopt : std::optional(one.position);
    all.push_back(json::object{{"topic", text(one.topic)},
                               {"partition", one.number},
                               {"position", or_null(position)},
                               {"lag", or_null(watch.lag(one))}});
  }
  return all;
}

json::object counts_json(const route::Counts& counts) {
  std::uint64_t letters = 0;
  for (const std::uint64_t of_cause : counts.dead_letters) letters += of_cause;
  return {{"ok", counts.ok},
          {"retry", counts.retry},
          {"reject", counts.reject},
          {"unavailable", counts.unavailable},
          {"timeout", counts.timeout},
          {"settled", counts.settled},
          {"deadLetters", letters},
          {"rebalances", counts.rebalances},
          {"commitFailures", counts.commit_failures},
          {"lostOffsets", counts.lost_offsets}};
}

json::value rates_json(const std::optional<Rates>& rates) {
  if (!rates) return nullptr;
  return json::object{{"seconds", rates->seconds},
                      {"ok", rates->ok},
                      {"failed", rates->failed},
                      {"unavailable", rates->unavailable},
                      {"settled", rates->settled}};
}

json::array errors_json(const std::vector<route::RecentError>& errors) {
  const auto now = route::Clock::now();
  json::array all;
  for (const route::RecentError& error : errors) {
    const auto at =
        SystemClock::now() - std::chrono::duration_cast<SystemClock::duration>(now - error.at);
    json::object one{{"time", observe::rfc3339(at)},
                     {"times", error.times},
                     {"verdict", error.verdict},
                     {"reason", text(error.reason)},
                     {"class", text(error.error_class)}};
    if (error.partition >= 0) {
      one["topic"] = text(error.topic);
      one["partition"] = error.partition;
      one["offset"] = error.offset;
    }
    all.push_back(std::move(one));
  }
  return all;
}

json::object route_json(const RouteFacts& facts, const observe::PartState& part,
                        const RouteWatch& watch) {
  const route::Numbers& numbers = facts.numbers;
  const bool stalled = watch.stalled(facts.name);
  json::object misbehaviour;
  for (const auto& [kind, count] : facts.misbehaviour) misbehaviour[kind] = count;
  const bool from_topics = !facts.group.empty();
  return {{"name", text(facts.name)},
          {"handler", text(facts.handler)},
          {"source", text(facts.source)},
          {"group", from_topics ? json::value(text(facts.group)) : json::value(nullptr)},
          {"ready", part.ready && !stalled},
          {"state", text(part.state)},
          {"reason", text(part.reason)},
          {"since", observe::rfc3339(part.since)},
          {"stalled", stalled},
          {"lag", from_topics ? or_null(watch.lag(numbers)) : json::value(nullptr)},
          {"partitions", from_topics ? partitions_json(numbers, watch) : json::array{}},
          {"inFlight", numbers.status.in_hands},
          {"readyKeys", numbers.status.ready},
          {"parkedKeys", numbers.status.parked},
          {"deadLettersWaiting", numbers.status.letters},
          {"counts", counts_json(numbers.counts)},
          {"rates", rates_json(watch.rates(facts.name))},
          {"misbehaviour", std::move(misbehaviour)},
          {"lastErrors", errors_json(numbers.errors)}};
}

}  // namespace

http::Handler routes_endpoint(const std::string& host, const observe::Health& health,
                              const RouteBoard& board, const RouteWatch& watch) {
  return [host, &health, &board, &watch](const http::Request&) {
    const auto parts = health.snapshot();
    json::array routes;
    for (const auto& [name, facts] : board.facts()) {
      const auto part = parts.find("route:" + name);
      routes.push_back(route_json(facts,
                                  part != parts.end()
                                      ? part->second
                                      : observe::PartState{.ready = false,
                                                           .state = "starting",
                                                           .reason = {},
                                                           .since = SystemClock::now()},
                                  watch));
    }
    http::Response response;
    response.body = json::serialize(json::object{{"host", text(host)},
                                                 {"time", observe::rfc3339(SystemClock::now())},
                                                 {"routes", std::move(routes)}}) +
                    "\n";
    return response;
  };
}

}  // namespace gantry::service
