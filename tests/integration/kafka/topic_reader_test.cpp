// Reading a topic as it is, on real brokers.
#include "kafka/topic_reader.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/free_port.hpp"
#include "support/kafka_client.hpp"
#include "support/kafka_cluster.hpp"
#include "support/unique_name.hpp"

namespace gantry::kafka {
namespace {

using test::KafkaClient;
using test::KafkaCluster;
using testing::ElementsAre;
using testing::IsEmpty;

config::Config config_for(const std::string& bootstrap) {
  config::Config config;
  config.name = "host";
  config.kafka["bootstrap.servers"] = bootstrap;
  return config;
}

class TopicReaderTest : public testing::Test {
 protected:
  void SetUp() override { client.create_topic(topic); }
  void write(std::int32_t partition, const std::string& value) {
    client.produce({.topic = topic, .partition = partition, .value = value});
  }
  std::vector<std::string> read(const Extent& extent) {
    std::vector<std::string> values;
    reader.read(topic, extent, [&](StoredRecord&& stored) {
      values.push_back(*stored.record.value);
      return true;
    });
    return values;
  }

  const std::string topic = test::unique_name("read");
  KafkaClient client{KafkaCluster::shared().bootstrap()};
  TopicReader reader{config_for(KafkaCluster::shared().bootstrap())};
};

TEST_F(TopicReaderTest, reads_what_was_there_when_it_looked_and_nothing_that_came_later) {
  write(1, "a");
  write(1, "b");
  const Extent extent = reader.extent(topic);
  write(1, "late");
  write(2, "late");
  EXPECT_THAT(read(extent), ElementsAre("a", "b"));
}

TEST_F(TopicReaderTest, reads_a_part) {
  for (const char* value : {"a", "b", "c", "d"}) write(0, value);
  EXPECT_THAT(read({{0, {1, 3}}}), ElementsAre("b", "c"));
}

TEST_F(TopicReaderTest, ends_when_it_has_enough) {
  for (const char* value : {"a", "b", "c"}) write(0, value);
  std::vector<std::string> values;
  reader.read(topic, reader.extent(topic), [&](StoredRecord&& stored) {
    values.push_back(*stored.record.value);
    return values.size() < 2;
  });
  EXPECT_THAT(values, ElementsAre("a", "b"));
}

TEST_F(TopicReaderTest, reads_nothing_of_an_empty_topic_and_of_one_that_is_not_there) {
  EXPECT_THAT(read(reader.extent(topic)), IsEmpty());
  EXPECT_THAT(reader.extent(topic + "-nowhere"), IsEmpty());
  EXPECT_FALSE(client.topic(topic + "-nowhere")) << "looking at it must not make it";
}

TEST_F(TopicReaderTest, gives_the_whole_record) {
  const test::Record sent =
      client.produce({.topic = topic,
                      .partition = 2,
                      .timestamp_ms = 1700000000123,
                      .key = std::string("k\0", 2),
                      .value = std::nullopt,
                      .headers = {{"a", "1"}, {"a", std::nullopt}, {"raw", std::string("\0", 1)}}});
  StoredRecord found;
  reader.read(topic, reader.extent(topic), [&](StoredRecord&& stored) {
    found = std::move(stored);
    return true;
  });
  EXPECT_EQ(found.record.topic, topic);
  EXPECT_EQ(found.record.partition, 2);
  EXPECT_EQ(found.offset, sent.offset);
  EXPECT_EQ(found.record.timestamp_ms, 1700000000123);
  EXPECT_EQ(found.record.key, sent.key);
  EXPECT_EQ(found.record.value, std::nullopt);
  ASSERT_EQ(found.record.headers.size(), 3u);
  EXPECT_EQ(found.record.headers[1].value, std::nullopt);
  EXPECT_EQ(found.record.headers[2].value, std::string("\0", 1));
}

TEST_F(TopicReaderTest, says_that_no_broker_answers) {
  TopicReader lonely(config_for("127.0.0.1:" + std::to_string(test::free_port())));
  try {
    lonely.extent(topic, std::chrono::milliseconds(500));
    FAIL() << "there is no broker";
  } catch (const AdminError& error) {
    EXPECT_EQ(error.kind(), AdminError::Kind::unreachable);
    EXPECT_THAT(error.what(), testing::HasSubstr("reading " + topic + " got no answer"));
  }
}

}  // namespace
}  // namespace gantry::kafka
