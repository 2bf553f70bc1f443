// The producer while brokers go and come, on a cluster of its own.
#include <gtest/gtest.h>

#include <condition_variable>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "kafka/producer.hpp"
#include "support/kafka_client.hpp"
#include "support/kafka_cluster.hpp"
#include "support/unique_name.hpp"
#include "unit/kafka/published.hpp"

namespace gantry::kafka {
namespace {

using route::OutRecord;
using route::PublishStatus;
using std::chrono::milliseconds;
using test::KafkaClient;
using test::KafkaCluster;
using test::Published;
using test::unique_name;

ProducerSettings settings(const std::string& bootstrap) {
  config::Config config;
  config.name = "host";
  config.kafka["bootstrap.servers"] = bootstrap;
  config.producer["retries"] = "3";  // as the shipped configuration says
  return producer_settings(config, "dead-letters", milliseconds(10'000));
}

OutRecord record(const std::string& topic, std::string value) {
  OutRecord result;
  result.topic = topic;
  result.value = std::move(value);
  return result;
}

TEST(KafkaProducerOutage, too_few_replicas_fail_a_record_which_works_again_later) {
  KafkaCluster cluster;
  KafkaClient client(cluster.bootstrap());
  const std::string topic = unique_name("replicas");
  client.create_topic(topic, {.partitions = 1, .config = {{"min.insync.replicas", "3"}}});
  Producer producer(settings(cluster.bootstrap()));
  cluster.kill(3);
  Published published;
  std::map<PublishStatus, int> seen;
  do {  // until the cluster has noticed
    published.publish(producer, record(topic, "x"));
    ++seen[published.wait().back().status];
  } while (published.wait().back().status == PublishStatus::acknowledged);
  cluster.revive(3);
  do {
    published.publish(producer, record(topic, "x"));
    ++seen[published.wait().back().status];
  } while (published.wait().back().status != PublishStatus::acknowledged);
  EXPECT_EQ(seen[PublishStatus::refused], 0);
  EXPECT_GT(seen[PublishStatus::failed], 0);
}

TEST(KafkaProducerOutage, says_when_all_brokers_are_away_and_when_they_are_back) {
  KafkaCluster cluster;
  KafkaClient client(cluster.bootstrap());
  const std::string topic = unique_name("outage");
  client.create_topic(topic, {.partitions = 1});
  std::mutex mutex;
  std::condition_variable changed;
  std::vector<bool> states;
  ProducerSettings watched = settings(cluster.bootstrap());
  watched.status = [&](bool up, const std::string&) {
    const std::lock_guard lock(mutex);
    states.push_back(up);
    changed.notify_all();
  };
  Producer producer(watched);
  const auto wait_for = [&](bool up) {
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return !states.empty() && states.back() == up; });
  };
  wait_for(true);
  cluster.stop_all();
  wait_for(false);
  Published published;
  published.publish(producer, record(topic, "x"));
  EXPECT_EQ(published.wait()[0].status, PublishStatus::failed);
  cluster.start_all();
  wait_for(true);
  do {
    published.publish(producer, record(topic, "x"));
  } while (published.wait().back().status != PublishStatus::acknowledged);
}

}  // namespace
}  // namespace gantry::kafka
