// A route's times against the consumer group's: what makes the brokers take a live member for a
// dead one.
#include <charconv>

#include "config/validations.hpp"

namespace gantry::config {
namespace {

struct Timeout {
  std::int64_t milliseconds;
  Origin where;
};

// Of the route, else [kafka.consumer], else [kafka], else `otherwise`, the host's or librdkafka's
// default. What is not a number is refused by librdkafka itself.
Timeout in_force(const Config& config, const Route& route, const std::string& name,
                 std::int64_t otherwise) {
  const std::string own = joined(route.origin.path + ".consumer", name);
  const std::string shared = joined("kafka.consumer", name);
  const std::string& path = route.consumer.contains(name) ? own : shared;
  Timeout timeout{otherwise, origin_of(config, path, route.origin)};
  const Properties all = consumer_properties(config, route);
  if (const auto found = all.find(name); found != all.end()) {
    const std::string& text = found->second;
    std::from_chars(text.data(), text.data() + text.size(), timeout.milliseconds);
  }
  return timeout;
}

Timeout poll_interval(const Config& config, const Route& route) {
  return in_force(config, route, "max.poll.interval.ms", 300'000);
}

Timeout session_timeout(const Config& config, const Route& route) {
  return in_force(config, route, "session.timeout.ms", 10'000);
}

}  // namespace

bool session_fits(const Config& config, const Route& route) {
  return session_timeout(config, route).milliseconds <= poll_interval(config, route).milliseconds;
}

void validate_timeouts(const Config& config, const Route& route, Problems& problems) {
  if (route.topics.empty()) return;
  const Timeout poll = poll_interval(config, route);
  const Timeout session = session_timeout(config, route);
  const Timeout heartbeat = in_force(config, route, "heartbeat.interval.ms", 3'000);
  const std::int64_t drain = route.drain_timeout.count();
  if (drain >= poll.milliseconds) {
    problems.push_back(
        {at(config, route, "drain_timeout_ms"),
         std::to_string(drain) + " is not less than max.poll.interval.ms, " +
             std::to_string(poll.milliseconds) +
             ": the group would give the partitions away while handlers still run",
         "lower drain_timeout_ms or raise \"max.poll.interval.ms\" under [kafka.consumer]"});
  }
  if (session.milliseconds > poll.milliseconds) {
    problems.push_back({session.where,
                        "session.timeout.ms, " + std::to_string(session.milliseconds) +
                            ", is more than max.poll.interval.ms, " +
                            std::to_string(poll.milliseconds),
                        "lower \"session.timeout.ms\" or raise \"max.poll.interval.ms\""});
  }
  if (heartbeat.milliseconds * 3 > session.milliseconds) {
    problems.push_back({heartbeat.where,
                        "heartbeat.interval.ms, " + std::to_string(heartbeat.milliseconds) +
                            ", is more than a third of session.timeout.ms, " +
                            std::to_string(session.milliseconds) +
                            ": one lost heartbeat could cost the partitions",
                        "lower \"heartbeat.interval.ms\" or raise \"session.timeout.ms\""});
  }
}

}  // namespace gantry::config
