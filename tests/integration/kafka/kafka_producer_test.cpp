// The producer on real brokers: what the mock cluster can't show.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <vector>

#include "kafka/producer.hpp"
#include "support/kafka_client.hpp"
#include "support/kafka_cluster.hpp"
#include "support/unique_name.hpp"
#include "support/wait.hpp"
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
using testing::HasSubstr;

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

class KafkaProducerTest : public testing::Test {
 protected:
  std::string create(const test::TopicShape& shape) {
    const std::string topic = unique_name("producer");
    client.create_topic(topic, shape);
    return topic;
  }
  KafkaClient client{KafkaCluster::shared().bootstrap()};
};

TEST_F(KafkaProducerTest, writes_records_byte_for_byte) {
  const std::string topic = create({.partitions = 3});
  Producer producer(settings(KafkaCluster::shared().bootstrap()));
  Published published;
  OutRecord sent = record(topic, std::string("\0\xFFvalue", 7));
  sent.key = std::string("\0key", 4);
  sent.partition = 1;
  sent.timestamp_ms = 1795435200123;
  sent.headers = {{"a", std::string("\0\x01", 2)}, {"null", std::nullopt}, {"empty", ""}};
  published.publish(producer, sent);
  OutRecord null;
  null.topic = topic;
  null.partition = 1;
  published.publish(producer, null);
  for (const auto& result : published.wait()) {
    ASSERT_EQ(result.status, PublishStatus::acknowledged) << result.error;
  }
  const auto read = client.consume_all(topic);
  ASSERT_EQ(read.size(), 2u);
  EXPECT_EQ(read[0].partition, 1);
  EXPECT_EQ(read[0].timestamp_ms, 1795435200123);
  EXPECT_EQ(read[0].key, sent.key);
  EXPECT_EQ(read[0].value, sent.value);
  EXPECT_EQ(read[0].headers,
            (std::vector<std::pair<std::string, test::Bytes>>{
                {"a", std::string("\0\x01", 2)}, {"null", std::nullopt}, {"empty", ""}}));
  EXPECT_EQ(read[1].key, std::nullopt);
  EXPECT_EQ(read[1].value, std::nullopt);
}

TEST_F(KafkaProducerTest, flush_sends_what_waits_for_others) {
  const std::string topic = create({.partitions = 1});
  ProducerSettings patient = settings(KafkaCluster::shared().bootstrap());
  // Nothing is acknowledged within the test's time but for flush().
  patient.message_timeout = milliseconds(1'000'000);
  patient.linger = milliseconds(900'000);
  Producer producer(patient);
  Published published;
  published.publish(producer, record(topic, "one"));
  published.publish(producer, record(topic, "two"));
  // The first needs to know the topic's leader: what is flushed is what could go out.
  test::eventually(
      [&] {
        producer.flush();
        return published.each_done_once();
      },
      std::chrono::seconds(60), "both acknowledged");
  for (const auto& result : published.wait())
    EXPECT_EQ(result.status, PublishStatus::acknowledged) << result.error;
}

TEST_F(KafkaProducerTest, a_record_too_large_for_the_topic_is_refused_and_its_neighbours_are_not) {
  const std::string topic = create({.partitions = 1, .config = {{"max.message.bytes", "1000"}}});
  ProducerSettings together = settings(KafkaCluster::shared().bootstrap());
  together.properties["linger.ms"] = "300";  // so that they are one batch
  Producer producer(together);
  Published published;
  published.publish(producer, record(topic, "before"));
  published.publish(producer, record(topic, std::string(5000, 'x')));
  for (int i = 0; i < 20; ++i) published.publish(producer, record(topic, std::string(100, 'y')));
  const auto results = published.wait();
  EXPECT_EQ(results[1].status, PublishStatus::refused);
  EXPECT_THAT(results[1].error, HasSubstr("MSG_SIZE_TOO_LARGE"));
  for (std::size_t i = 0; i < results.size(); ++i) {
    if (i == 1) continue;
    EXPECT_EQ(results[i].status, PublishStatus::acknowledged) << results[i].error;
  }
  EXPECT_EQ(client.consume_all(topic).size(), 21u);
}

TEST_F(KafkaProducerTest, a_topic_that_is_missing_fails_and_works_once_it_is_there) {
  const std::string topic = unique_name("late");
  ProducerSettings hasty = settings(KafkaCluster::shared().bootstrap());
  hasty.message_timeout = milliseconds(1000);
  Producer producer(hasty);
  Published published;
  published.publish(producer, record(topic, "too early"));
  EXPECT_EQ(published.wait()[0].status, PublishStatus::failed);
  EXPECT_EQ(producer.partition_count(topic), std::nullopt);
  client.create_topic(topic, {.partitions = 2});
  do {
    published.publish(producer, record(topic, "in time"));
  } while (published.wait().back().status != PublishStatus::acknowledged);
  test::eventually([&] { return producer.partition_count(topic) == 2; }, milliseconds(60'000),
                   "the partitions of the new topic");
}

TEST_F(KafkaProducerTest, keeps_the_order_of_each_partition) {
  const std::string topic = create({.partitions = 1});
  Producer producer(settings(KafkaCluster::shared().bootstrap()));
  Published published;
  for (int i = 0; i < 5000; ++i) published.publish(producer, record(topic, std::to_string(i)));
  published.wait();
  const auto read = client.consume_all(topic);
  ASSERT_EQ(read.size(), 5000u);
  for (int i = 0; i < 5000; ++i)
    ASSERT_EQ(read[static_cast<std::size_t>(i)].value, std::to_string(i));
}

TEST_F(KafkaProducerTest, in_order_writes_nothing_behind_a_record_that_has_failed) {
  constexpr int kRecords = 20'000;
  const std::string topic = create({.partitions = 1, .config = {{"max.message.bytes", "20000"}}});
  ProducerSettings ordered = settings(KafkaCluster::shared().bootstrap());
  ordered.in_order = true;
  ordered.properties["batch.size"] = "10000";
  std::atomic<bool> told{false};  // from then on it is the caller who keeps the order
  std::atomic<int> acknowledged{0};
  int published = 0;
  {
    Producer producer(ordered);
    for (; published < kRecords && !told; ++published) {
      const bool bad = published == kRecords / 2;
      producer.publish(
          record(topic, std::to_string(published) + std::string(bad ? 30'000 : 100, ' ')),
          [&](const route::PublishResult& result) {
            if (result.status == PublishStatus::acknowledged)
              ++acknowledged;
            else
              told = true;
          });
    }
    test::eventually([&] { return told.load(); }, milliseconds(60'000), "a record to fail");
  }
  const auto read = client.consume_all(topic);
  EXPECT_LE(read.size(), static_cast<std::size_t>(kRecords / 2));
  EXPECT_GE(read.size(), static_cast<std::size_t>(acknowledged.load()));
  for (std::size_t i = 0; i < read.size(); ++i) ASSERT_EQ(std::stoul(*read[i].value), i) << "a gap";
}

}  // namespace
}  // namespace gantry::kafka
