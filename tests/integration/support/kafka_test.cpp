// The test client against real brokers: what the other tests rest on.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/kafka_client.hpp"
#include "support/kafka_cluster.hpp"
#include "support/unique_name.hpp"

namespace gantry::test {
namespace {

using testing::ElementsAre;
using testing::Pair;

class TestClient : public testing::Test {
 protected:
  KafkaClient client{KafkaCluster::shared().bootstrap()};
  std::string topic = unique_name("support");
};

TEST_F(TestClient, creates_a_topic_as_asked) {
  client.create_topic(topic,
                      {.partitions = 2, .replicas = 3, .config = {{"retention.ms", "12345"}}});
  const auto shape = client.topic(topic);
  ASSERT_TRUE(shape);
  EXPECT_EQ(shape->partitions, 2);
  EXPECT_EQ(shape->replicas, 3);
  EXPECT_EQ(shape->config.at("retention.ms"), "12345");
}

TEST_F(TestClient, knows_no_topic_that_was_not_created) { EXPECT_FALSE(client.topic(topic)); }

TEST_F(TestClient, reads_back_what_it_wrote_byte_for_byte) {
  client.create_topic(topic);
  const Record sent{
      .topic = topic,
      .partition = 1,
      .timestamp_ms = 1700000000123,
      .key = std::string("k\0y", 3),
      .value = std::nullopt,
      .headers = {{"a", "1"}, {"a", std::string("\0\xff", 2)}, {"none", std::nullopt}}};
  client.produce(sent);
  const auto records = client.consume_all(topic);
  ASSERT_EQ(records.size(), 1u);
  EXPECT_EQ(records[0].partition, 1);
  EXPECT_EQ(records[0].offset, 0);
  EXPECT_EQ(records[0].timestamp_ms, sent.timestamp_ms);
  EXPECT_EQ(records[0].key, sent.key);
  EXPECT_EQ(records[0].value, std::nullopt);
  EXPECT_EQ(records[0].headers, sent.headers);
}

TEST_F(TestClient, reads_every_record_in_the_order_of_its_partition) {
  client.create_topic(topic);
  std::vector<Record> sent;
  for (int i = 0; i < 5000; ++i)
    sent.push_back({.topic = topic, .key = std::to_string(i % 7), .value = std::to_string(i)});
  client.produce(sent);
  std::map<std::string, int> last;
  const auto records = client.consume_all(topic);
  EXPECT_EQ(records.size(), 5000u);
  for (const Record& record : records) {
    const int number = std::stoi(*record.value);
    EXPECT_LT(last.emplace(*record.key, -1).first->second, number);
    last[*record.key] = number;
  }
}

TEST_F(TestClient, keys_go_to_the_partitions_that_java_would_choose) {
  client.create_topic(topic);
  // murmur2("foo") as Kafka's own Utils.toPositive(Utils.murmur2(…)) has it is 597841616.
  EXPECT_EQ(client.produce({.topic = topic, .key = "foo", .value = "x"}).partition, 597841616 % 3);
}

TEST_F(TestClient, a_group_that_never_committed_lags_by_everything) {
  client.create_topic(topic, {.partitions = 1});
  client.produce({.topic = topic, .value = "x"});
  EXPECT_TRUE(client.committed("nobody-" + topic, topic).empty());
  EXPECT_EQ(client.lag("nobody-" + topic, topic), 1);
  EXPECT_THAT(client.high_watermarks(topic), ElementsAre(Pair(0, 1)));
}

TEST_F(TestClient, a_deleted_topic_is_gone) {
  client.create_topic(topic);
  client.delete_topic(topic);
  eventually([&] { return !client.topic(topic); }, 30s, "the topic to be gone");
}

}  // namespace
}  // namespace gantry::test
