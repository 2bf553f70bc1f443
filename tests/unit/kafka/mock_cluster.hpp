// librdkafka's mock cluster with a topic or two, and what a test reads back from it. For unit-level
// tests of clients.
#pragma once

#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace gantry::test {

struct ReadRecord {
  std::int32_t partition;
  std::int64_t timestamp_ms;
  std::optional<std::string> key;
  std::optional<std::string> value;
  std::vector<std::pair<std::string, std::optional<std::string>>> headers;
};

struct Committed {
  std::int64_t offset = -1;  // -1: none
  std::string metadata;
};

constexpr std::int16_t produce_request = 0;  // ApiKeys of the Kafka protocol
constexpr std::int16_t init_producer_id_request = 22;

class MockCluster {
 public:
  explicit MockCluster(int brokers = 1) : brokers_(brokers) {
    char error[256];
    rd_kafka_conf_t* conf = rd_kafka_conf_new();
    host_ = rd_kafka_new(RD_KAFKA_PRODUCER, conf, error, sizeof error);
    if (host_ == nullptr) throw std::runtime_error(error);
    cluster_ = rd_kafka_mock_cluster_new(host_, brokers);
  }
  ~MockCluster() {
    rd_kafka_mock_cluster_destroy(cluster_);
    rd_kafka_destroy(host_);
  }
  MockCluster(const MockCluster&) = delete;
  MockCluster& operator=(const MockCluster&) = delete;

  std::string bootstrap() const { return rd_kafka_mock_cluster_bootstraps(cluster_); }
  void create(const std::string& topic, int partitions) {
    rd_kafka_mock_topic_create(cluster_, topic.c_str(), partitions, 1);
  }
  // What the next requests of this kind are answered with, one after the other.
  void answer(std::int16_t api, const std::vector<rd_kafka_resp_err_t>& errors) {
    rd_kafka_mock_push_request_errors_array(cluster_, api, errors.size(), errors.data());
  }
  void all_down() {
    for (int id = 1; id <= brokers_; ++id) rd_kafka_mock_broker_set_down(cluster_, id);
  }
  void all_up() {
    for (int id = 1; id <= brokers_; ++id) rd_kafka_mock_broker_set_up(cluster_, id);
  }
  void answer_slowly(int milliseconds) {
    for (int id = 1; id <= brokers_; ++id) rd_kafka_mock_broker_set_rtt(cluster_, id, milliseconds);
  }

  // The records of a topic, each partition from its beginning, until there are `count`.
  std::vector<ReadRecord> read(const std::string& topic, int partitions, std::size_t count) const;
  // Of the topic's partition 0.
  Committed committed(const std::string& group, const std::string& topic) const;

 private:
  int brokers_;
  rd_kafka_t* host_;
  rd_kafka_mock_cluster_t* cluster_;
};

}  // namespace gantry::test
