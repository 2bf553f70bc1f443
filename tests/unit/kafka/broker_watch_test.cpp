// What a producer tells of its brokers and topics without being asked to send.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "kafka/producer.hpp"
#include "unit/kafka/mock_cluster.hpp"
#include "unit/kafka/published.hpp"

namespace gantry::kafka {
namespace {

using test::MockCluster;

// Remembers each change and waits for one.
class Statuses {
 public:
  ClientStatus hook() {
    return [this](bool up, const std::string& reason) {
      const std::lock_guard lock(mutex_);
      all_.emplace_back(up, reason);
      changed_.notify_all();
    };
  }
  std::string wait_for(bool up) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return !all_.empty() && all_.back().first == up; });
    return all_.back().second;
  }
  std::size_t count() {
    const std::lock_guard lock(mutex_);
    return all_.size();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::pair<bool, std::string>> all_;
};

ProducerSettings settings(const std::string& bootstrap, Statuses& statuses) {
  ProducerSettings result;
  result.properties["bootstrap.servers"] = bootstrap;
  result.status = statuses.hook();
  return result;
}

TEST(BrokerWatch, says_up_without_anything_being_sent) {
  MockCluster cluster;
  Statuses statuses;
  Producer producer(settings(cluster.bootstrap(), statuses));
  EXPECT_EQ(statuses.wait_for(true), "");
}

TEST(BrokerWatch, says_down_with_the_reason_when_there_are_no_brokers) {
  Statuses statuses;
  Producer producer(settings("127.0.0.1:1", statuses));
  EXPECT_THAT(statuses.wait_for(false),
              testing::MatchesRegex("no broker answers: .*127.0.0.1:1 failed: Connection refused"));
}

TEST(BrokerWatch, says_down_and_up_again_as_brokers_go_and_come) {
  MockCluster cluster(3);
  Statuses statuses;
  Producer producer(settings(cluster.bootstrap(), statuses));
  statuses.wait_for(true);
  cluster.all_down();
  statuses.wait_for(false);
  cluster.all_up();
  statuses.wait_for(true);
}

TEST(BrokerWatch, says_the_same_once) {
  MockCluster cluster;
  cluster.create("topic", 1);
  Statuses statuses;
  Producer producer(settings(cluster.bootstrap(), statuses));
  test::Published published;
  for (int i = 0; i < 10; ++i) {
    route::OutRecord record;
    record.topic = "topic";
    published.publish(producer, record);
    published.wait();
  }
  EXPECT_EQ(statuses.count(), 1u);
}

TEST(BrokerWatch, learns_how_many_partitions_a_topic_has) {
  MockCluster cluster;
  cluster.create("dlq", 3);
  Statuses statuses;
  Producer producer(settings(cluster.bootstrap(), statuses));
  std::optional<std::int32_t> count;
  while (!count) count = producer.partition_count("dlq");
  EXPECT_EQ(count, 3);
  EXPECT_TRUE(producer.partition_exists("dlq", 2));
  EXPECT_FALSE(producer.partition_exists("dlq", 3));
  EXPECT_FALSE(producer.partition_exists("dlq", -1));
}

TEST(BrokerWatch, knows_no_partitions_while_there_are_no_brokers) {
  Statuses statuses;
  Producer producer(settings("127.0.0.1:1", statuses));
  statuses.wait_for(false);
  EXPECT_EQ(producer.partition_count("dlq"), std::nullopt);
}

}  // namespace
}  // namespace gantry::kafka
