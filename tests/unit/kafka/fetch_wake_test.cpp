// What a consumer does about a queue of records that is full, and is emptied.
#include "kafka/fetch_wake.hpp"

#include <gtest/gtest.h>
#include <librdkafka/rdkafka.h>

#include <string>

#include "kafka/client_conf.hpp"
#include "unit/kafka/mock_cluster.hpp"

namespace gantry::kafka {
namespace {

constexpr const char* kTopic = "wake";
constexpr int kRecords = 40;  // each more than the queue may hold

void fill(const std::string& bootstrap) {
  ClientConf conf;
  conf.set("bootstrap.servers", bootstrap);
  rd_kafka_t* producer = std::move(conf).make(RD_KAFKA_PRODUCER, "the test's producer");
  const std::string value(20'000, 'x');
  for (int i = 0; i < kRecords; ++i) {
    rd_kafka_producev(producer, RD_KAFKA_V_TOPIC(kTopic), RD_KAFKA_V_PARTITION(0),
                      RD_KAFKA_V_VALUE(const_cast<char*>(value.data()), value.size()),
                      RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY), RD_KAFKA_V_END);
    ASSERT_EQ(rd_kafka_flush(producer, 30'000), RD_KAFKA_RESP_ERR_NO_ERROR);  // a batch each
  }
  rd_kafka_destroy(producer);
}

ClientConf consumer_conf(const std::string& bootstrap) {
  ClientConf conf;
  FetchWake::prepare(conf);
  conf.set("bootstrap.servers", bootstrap);
  conf.set("group.id", "wake");
  conf.set("queued.max.messages.kbytes", "16");
  conf.set("fetch.message.max.bytes", "1000");  // one batch a fetch
  return conf;
}

TEST(FetchWake, lets_a_consumer_fetch_on_when_a_full_queue_is_emptied) {
  test::MockCluster cluster;
  cluster.create(kTopic, 1);
  ASSERT_NO_FATAL_FAILURE(fill(cluster.bootstrap()));
  ClientConf conf = consumer_conf(cluster.bootstrap());
  const FetchWake wake(conf);
  rd_kafka_t* client = std::move(conf).make(RD_KAFKA_CONSUMER, "the test's consumer");
  auto* list = rd_kafka_topic_partition_list_new(1);
  rd_kafka_topic_partition_list_add(list, kTopic, 0)->offset = 0;
  rd_kafka_queue_t* queue = rd_kafka_queue_get_partition(client, kTopic, 0);
  rd_kafka_queue_forward(queue, nullptr);
  rd_kafka_assign(client, list);
  // librdkafka left alone looks once a second: most records would let it wait for half of one.
  int stalls = 0;
  std::size_t taken = 0;
  for (int records = 0; records < kRecords;) {
    rd_kafka_event_t* event = rd_kafka_queue_poll(queue, 500);
    if (event == nullptr) ++stalls;
    while (const rd_kafka_message_t* message =
               event != nullptr ? rd_kafka_event_message_next(event) : nullptr) {
      if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR) continue;
      ++records;
      taken += message->len;
    }
    rd_kafka_event_destroy(event);
    if (taken >= wake.every()) wake.wake(client);
  }
  EXPECT_LT(stalls, kRecords / 4);
  rd_kafka_topic_partition_list_destroy(list);
  rd_kafka_queue_destroy(queue);
  rd_kafka_destroy(client);
}

TEST(FetchWake, leaves_the_credentials_as_they_are) {
  test::MockCluster cluster;
  ClientConf conf = consumer_conf(cluster.bootstrap());
  conf.set("sasl.username", "me");
  conf.set("sasl.password", "secret");
  const FetchWake wake(conf);
  rd_kafka_t* client = std::move(conf).make(RD_KAFKA_CONSUMER, "the test's consumer");
  wake.wake(client);
  for (const auto& [property, expected] :
       {std::pair{"sasl.username", "me"}, std::pair{"sasl.password", "secret"}}) {
    char value[32];
    std::size_t size = sizeof value;
    ASSERT_EQ(rd_kafka_conf_get(rd_kafka_conf(client), property, value, &size), RD_KAFKA_CONF_OK);
    EXPECT_STREQ(value, expected);
  }
  rd_kafka_destroy(client);
}

}  // namespace
}  // namespace gantry::kafka
