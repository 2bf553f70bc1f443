#include "dlq/replay_plan.hpp"

#include <algorithm>

#include "route/message/dead_letter.hpp"
#include "route/message/replayed.hpp"

namespace gantry::dlq {
namespace {

std::string refusal_of(const Letter& letter, const config::Config& config,
                       std::uint32_t max_replays) {
  if (letter.replays >= max_replays)
    return "replayed " + std::to_string(letter.replays) + " times already (--max-replays " +
           std::to_string(max_replays) + ")";
  if (letter.original && letter.original->offset < 0) return {};
  if (letter.route.empty()) return "nobody knows whose they are: name --route and --group";
  const auto route = std::ranges::find(config.routes, letter.route, &config::Route::name);
  if (route == config.routes.end())
    return "route \"" + letter.route + "\" is not in this configuration";
  if (route->topics.empty())
    return "route \"" + letter.route + "\" takes HTTP requests and reads no topic";
  return {};
}

}  // namespace

ReplayPlan plan_replay(const Letter& letter, const config::Config& config,
                       std::uint32_t max_replays) {
  ReplayPlan plan;
  plan.refusal = refusal_of(letter, config, max_replays);
  if (!plan.refusal.empty()) return plan;
  plan.copy = letter.record;
  plan.copy.timestamp_ms = 0;  // retention counts from the replay
  if (letter.original && letter.original->offset < 0) {
    plan.copy.topic = letter.original->topic;
    plan.copy.partition = letter.original->partition;
    route::strip_own(plan.copy.headers);
  } else {
    plan.copy.topic = route::replay_topic(letter.route);
    plan.copy.partition = 0;
    route::count_replay(plan.copy.headers);
  }
  return plan;
}

std::optional<std::string> copy_name(const route::OutRecord& copy) {
  const auto headers = views(copy);
  const auto origin = route::origin_of(headers);
  if (!origin || origin->timestamp_ms < 0) return std::nullopt;
  return std::string(origin->topic) + ':' + std::to_string(origin->partition) + ':' +
         std::to_string(origin->offset) + ':' + std::to_string(origin->timestamp_ms) + ':' +
         std::to_string(route::replays_of(copy.headers));
}

}  // namespace gantry::dlq
