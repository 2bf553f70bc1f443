#include "kafka/letter_topics.hpp"

#include <initializer_list>
#include <utility>

#include "route/message/replayed.hpp"

namespace gantry::kafka {
namespace {

config::Topic declared(std::string name, const TopicState& like,
                       std::initializer_list<const char*> properties) {
  config::Topic topic;
  topic.name = std::move(name);
  topic.partitions = 1;
  topic.replicas = like.replicas;
  for (const char* property : properties)
    if (const auto found = like.config.find(property); found != like.config.end())
      topic.config.insert(*found);
  return topic;
}

}  // namespace

config::Topic replay_topic(const std::string& route, const TopicState& dead_letters) {
  return declared(route::replay_topic(route), dead_letters,
                  {"min.insync.replicas", "max.message.bytes", "retention.ms"});
}

std::string settled_topic_name(const std::string& dead_letter_topic) {
  return dead_letter_topic + ".settled";
}

config::Topic settled_topic(const std::string& dead_letter_topic, const TopicState& dead_letters) {
  config::Topic topic =
      declared(settled_topic_name(dead_letter_topic), dead_letters, {"min.insync.replicas"});
  topic.config["cleanup.policy"] = "compact";
  return topic;
}

}  // namespace gantry::kafka
