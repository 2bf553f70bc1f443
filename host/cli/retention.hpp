// For how long a message of a route may come again: in its topics, then as a dead letter, then as
// one that was replayed. Pure.
#pragma once

#include <chrono>
#include <map>
#include <set>
#include <string>

#include "config/model.hpp"
#include "kafka/admin.hpp"

namespace gantry::cli {

struct Retention {
  std::chrono::milliseconds time{0};
  bool known = true;  // false: a topic keeps records for ever, or the brokers do not say
  std::string text;   // "7 days in trace-topic, 30 days in DLQ-topic, …"
};

// The topics that it depends on.
std::set<std::string> topics_of(const config::Route& route);
// A topic that is not there keeps nothing.
Retention retention_of(const config::Route& route,
                       const std::map<std::string, kafka::TopicState>& topics);

}  // namespace gantry::cli
