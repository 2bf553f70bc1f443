#include "kafka/admin.hpp"

#include <algorithm>
#include <iterator>
#include <string>
#include <thread>
#include <utility>

#include "kafka/admin_client.hpp"

namespace gantry::kafka {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds leaders_pause{50};

Admin::Timeout left(Clock::time_point deadline) {
  const auto time = std::chrono::duration_cast<Admin::Timeout>(deadline - Clock::now());
  return std::max(time, Admin::Timeout(1));
}

TopicProblem not_created(const config::Topic& topic, rd_kafka_resp_err_t error,
                         const std::string& text, int brokers) {
  std::string remedy = "Correct its [[topic]], or create it by hand.";
  bool may_pass = false;
  switch (error) {
    case RD_KAFKA_RESP_ERR_INVALID_REPLICATION_FACTOR:
      remedy = "It needs " + std::to_string(topic.replicas) + " brokers and there are " +
               std::to_string(brokers) + ": start them, or lower replicas of its [[topic]].";
      may_pass = true;
      break;
    case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED:
      remedy =
          "Give the user the right to create it (Create, and Describe to see it), or create it "
          "by hand.";
      break;
    case RD_KAFKA_RESP_ERR_NOT_CONTROLLER:
    case RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT:
    case RD_KAFKA_RESP_ERR__TIMED_OUT:
    case RD_KAFKA_RESP_ERR_THROTTLING_QUOTA_EXCEEDED:
      remedy = "It is tried again.";
      may_pass = true;
      break;
    default:
      break;
  }
  std::string reason = text.empty() ? rd_kafka_err2str(error) : text;
  if (!reason.ends_with('.')) reason += '.';
  return {topic.name, "the topic can't be created: " + reason + ' ' + remedy, may_pass};
}

}  // namespace

std::vector<TopicDifference> differences(const config::Topic& topic, const TopicState& actual) {
  std::vector<TopicDifference> all;
  const auto differ = [&](const std::string& what, const std::string& declared,
                          const std::string& found) {
    if (declared != found) all.push_back({topic.name, what, declared, found});
  };
  differ("partitions", std::to_string(topic.partitions), std::to_string(actual.partitions));
  differ("replicas", std::to_string(topic.replicas), std::to_string(actual.replicas));
  for (const auto& [name, value] : topic.config) {
    const auto found = actual.config.find(name);
    differ(name, value, found == actual.config.end() ? "(not told by the brokers)" : found->second);
  }
  return all;
}

Admin::Admin(const config::Config& config) : client_(std::make_unique<Client>(config)) {}
Admin::~Admin() = default;

std::map<std::string, TopicState> Admin::topics(const std::set<std::string>& names,
                                                Timeout timeout) {
  const auto deadline = Clock::now() + timeout;
  std::map<std::string, TopicState> states;
  std::set<std::string> present;
  for (const auto& [name, shape] : client_->all(timeout)) {
    if (!names.contains(name)) continue;
    states[name] = {shape.partitions, shape.replicas, {}};
    present.insert(name);
  }
  for (auto& [name, answer] : client_->describe(present, left(deadline))) {
    states[name].config = std::move(answer.config);  // without the right to see it: none
  }
  return states;
}

std::map<std::string, int> Admin::partition_counts(const std::set<std::string>& names,
                                                   Timeout timeout) {
  std::map<std::string, int> counts;
  for (const auto& [name, shape] : client_->all(timeout)) {
    if (names.contains(name)) counts[name] = shape.partitions;
  }
  return counts;
}

TopicReport Admin::ensure(const std::map<std::string, config::Topic>& declared,
                          const std::set<std::string>& used, Timeout timeout) {
  const auto deadline = Clock::now() + timeout;
  TopicReport report;
  auto present = client_->all(timeout);
  std::vector<const config::Topic*> missing;
  std::set<std::string> to_compare;
  for (const auto& [name, topic] : declared) {
    if (present.contains(name)) {
      to_compare.insert(name);
    } else {
      missing.push_back(&topic);
    }
  }
  for (const auto& [name, answer] : client_->create(missing, left(deadline))) {
    if (answer.error == RD_KAFKA_RESP_ERR_NO_ERROR) {
      report.created.push_back(name);
    } else if (answer.error == RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS) {
      to_compare.insert(name);  // another host was faster
    } else {
      report.problems.push_back(
          not_created(declared.at(name), answer.error, answer.text, client_->brokers()));
    }
  }
  const auto has_leaders = [&](const std::string& name) {
    const auto shape = present.find(name);
    return shape != present.end() && shape->second.has_leaders;
  };
  while (!std::all_of(report.created.begin(), report.created.end(), has_leaders)) {
    if (Clock::now() >= deadline) {
      throw AdminError(AdminError::Kind::unreachable,
                       "Kafka: topics were created, and not all of their partitions have a leader "
                       "yet. Look whether all brokers run.");
    }
    std::this_thread::sleep_for(leaders_pause);
    present = client_->all(left(deadline));
  }
  for (const auto& [name, state] : topics(to_compare, left(deadline))) {
    std::ranges::move(differences(declared.at(name), state),
                      std::back_inserter(report.differences));
  }
  for (const std::string& name : used) {
    if (declared.contains(name) || present.contains(name)) continue;
    report.problems.push_back({name,
                               "the topic does not exist, or this user may not see it. Declare it "
                               "as [[topic]], or create it, or give the user the right to "
                               "describe it.",
                               true});
  }
  return report;
}

}  // namespace gantry::kafka
