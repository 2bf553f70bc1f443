// The topics that a replay or a discard writes to: makes them where they are missing, and knows
// which copies they hold already. Owned by the command, its thread; blocks as kafka::Admin and
// kafka::TopicReader do, and throws what they throw, or std::runtime_error where a topic can't be
// made.
#pragma once

#include <map>
#include <set>
#include <string>

#include "config/model.hpp"
#include "dlq/letter.hpp"
#include "kafka/admin.hpp"
#include "kafka/topic_reader.hpp"
#include "route/message/publisher.hpp"

namespace gantry::dlq {

class ReplayTopics {
 public:
  ReplayTopics(const config::Config& config, kafka::TopicReader& reader);  // outlived by it

  // The topic beside this dead-letter topic.
  void ensure_settled(const std::string& dead_letter_topic);
  // Whether this very copy is there. The first call for a topic makes it, or reads it to its end.
  bool has_copy(const Letter& letter, const route::OutRecord& copy);

 private:
  bool is_there(const std::string& topic);
  void make(const config::Topic& topic);
  const kafka::TopicState& shape_of(const std::string& dead_letter_topic);

  kafka::Admin admin_;
  kafka::TopicReader& reader_;
  std::map<std::string, kafka::TopicState> shapes_;      // of dead-letter topics
  std::map<std::string, std::set<std::string>> copies_;  // by replay topic
  std::set<std::string> ensured_;
};

}  // namespace gantry::dlq
