#include "cli/retention.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>

#include "cli/time_text.hpp"
#include "route/message/replayed.hpp"

namespace gantry::cli {
namespace {

using std::chrono::milliseconds;

std::string property(const kafka::TopicState& topic, const char* name) {
  const auto found = topic.config.find(name);
  return found != topic.config.end() ? found->second : "";
}

// nullopt: for ever, or not told.
std::optional<milliseconds> kept(const kafka::TopicState& topic) {
  if (property(topic, "cleanup.policy").find("delete") == std::string::npos) return std::nullopt;
  const std::string text = property(topic, "retention.ms");
  std::int64_t ms = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), ms);
  if (error != std::errc() || end != text.data() + text.size() || ms < 0) return std::nullopt;
  return milliseconds(ms);
}

}  // namespace

std::set<std::string> topics_of(const config::Route& route) {
  std::set<std::string> topics(route.topics.begin(), route.topics.end());
  topics.insert(route.dead_letter.topic);
  topics.insert(route::replay_topic(route.name));
  return topics;
}

Retention retention_of(const config::Route& route,
                       const std::map<std::string, kafka::TopicState>& topics) {
  Retention all;
  const auto add = [&](const std::string& topic) {
    const auto state = topics.find(topic);
    if (state == topics.end()) return milliseconds(0);
    const auto time = kept(state->second);
    all.known = all.known && time;
    if (!all.text.empty()) all.text += ", ";
    all.text += (time ? age_text(*time) : std::string("for ever, or not told,")) + " in " + topic;
    return time.value_or(milliseconds(0));
  };
  milliseconds source{0};  // it came from one of them
  for (const std::string& topic : route.topics) source = std::max(source, add(topic));
  all.time = source;
  all.time += add(route.dead_letter.topic);
  all.time += add(route::replay_topic(route.name));
  return all;
}

}  // namespace gantry::cli
