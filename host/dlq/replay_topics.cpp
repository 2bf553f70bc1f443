#include "dlq/replay_topics.hpp"

#include <chrono>
#include <stdexcept>

#include "dlq/replay_plan.hpp"
#include "kafka/letter_topics.hpp"
#include "route/message/replayed.hpp"

namespace gantry::dlq {
namespace {

constexpr std::chrono::seconds kAnswerWithin{10};

}  // namespace

ReplayTopics::ReplayTopics(const config::Config& config, kafka::TopicReader& reader)
    : admin_(config), reader_(reader) {}

void ReplayTopics::ensure_settled(const std::string& dead_letter_topic) {
  if (!ensured_.insert(dead_letter_topic).second) return;
  if (is_there(kafka::settled_topic_name(dead_letter_topic))) return;
  make(kafka::settled_topic(dead_letter_topic, shape_of(dead_letter_topic)));
}

bool ReplayTopics::has_copy(const Letter& letter, const route::OutRecord& copy) {
  if (copy.topic != route::replay_topic(letter.route)) return false;  // everybody's topic
  const auto [copies, is_new] = copies_.try_emplace(copy.topic);
  if (is_new) {
    if (!is_there(copy.topic)) make(kafka::replay_topic(letter.route, shape_of(letter.id.topic)));
    reader_.read(copy.topic, reader_.extent(copy.topic), [&](kafka::StoredRecord&& stored) {
      if (auto name = copy_name(stored.record)) copies->second.insert(std::move(*name));
      return true;
    });
  }
  const auto name = copy_name(copy);
  return name && copies->second.contains(*name);
}

bool ReplayTopics::is_there(const std::string& topic) {
  return !admin_.partition_counts({topic}, kAnswerWithin).empty();
}

void ReplayTopics::make(const config::Topic& topic) {
  const kafka::TopicReport report = admin_.ensure({{topic.name, topic}}, {}, kAnswerWithin);
  if (report.problems.empty()) return;
  throw std::runtime_error("topic \"" + topic.name + "\": " + report.problems.front().text);
}

const kafka::TopicState& ReplayTopics::shape_of(const std::string& dead_letter_topic) {
  const auto known = shapes_.find(dead_letter_topic);
  if (known != shapes_.end()) return known->second;
  auto states = admin_.topics({dead_letter_topic}, kAnswerWithin);
  return shapes_[dead_letter_topic] = std::move(states[dead_letter_topic]);
}

}  // namespace gantry::dlq
