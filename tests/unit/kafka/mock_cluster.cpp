#include "unit/kafka/mock_cluster.hpp"

#include "kafka/headers.hpp"

namespace gantry::test {
namespace {

std::optional<std::string> text(const void* data, std::size_t size) {
  if (data == nullptr) return std::nullopt;
  return std::string(static_cast<const char*>(data), size);
}

ReadRecord copy(const rd_kafka_message_t& message) {
  ReadRecord record{message.partition,
                    rd_kafka_message_timestamp(&message, nullptr),
                    text(message.key, message.key_len),
                    text(message.payload, message.len),
                    {}};
  std::vector<gantry_header> headers;
  if (kafka::read_headers(&message, headers) != RD_KAFKA_RESP_ERR_NO_ERROR) {
    throw std::runtime_error("headers can't be read");
  }
  for (const gantry_header& header : headers) {
    record.headers.emplace_back(std::string(header.name.data, header.name.size),
                                text(header.value.data, header.value.size));
  }
  return record;
}

}  // namespace

std::vector<ReadRecord> MockCluster::read(const std::string& topic, int partitions,
                                          std::size_t count) const {
  char error[256];
  rd_kafka_conf_t* conf = rd_kafka_conf_new();
  rd_kafka_conf_set(conf, "bootstrap.servers", bootstrap().c_str(), error, sizeof error);
  rd_kafka_conf_set(conf, "group.id", "reader", error, sizeof error);
  rd_kafka_t* consumer = rd_kafka_new(RD_KAFKA_CONSUMER, conf, error, sizeof error);
  if (consumer == nullptr) throw std::runtime_error(error);
  rd_kafka_poll_set_consumer(consumer);
  rd_kafka_topic_partition_list_t* all = rd_kafka_topic_partition_list_new(partitions);
  for (int p = 0; p < partitions; ++p) {
    rd_kafka_topic_partition_list_add(all, topic.c_str(), p)->offset = 0;
  }
  rd_kafka_assign(consumer, all);
  rd_kafka_topic_partition_list_destroy(all);
  std::vector<ReadRecord> records;
  while (records.size() < count) {  // a record that never comes ends in the test's time-out
    rd_kafka_message_t* message = rd_kafka_consumer_poll(consumer, 100);
    if (message == nullptr) continue;
    if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) records.push_back(copy(*message));
    rd_kafka_message_destroy(message);
  }
  rd_kafka_consumer_close(consumer);
  rd_kafka_destroy(consumer);
  return records;
}

Committed MockCluster::committed(const std::string& group, const std::string& topic) const {
  char error[256];
  rd_kafka_conf_t* conf = rd_kafka_conf_new();
  rd_kafka_conf_set(conf, "bootstrap.servers", bootstrap().c_str(), error, sizeof error);
  rd_kafka_conf_set(conf, "group.id", group.c_str(), error, sizeof error);
  rd_kafka_t* consumer = rd_kafka_new(RD_KAFKA_CONSUMER, conf, error, sizeof error);
  if (consumer == nullptr) throw std::runtime_error(error);
  rd_kafka_topic_partition_list_t* list = rd_kafka_topic_partition_list_new(1);
  const rd_kafka_topic_partition_t* one = rd_kafka_topic_partition_list_add(list, topic.c_str(), 0);
  Committed result;
  const auto failed = rd_kafka_committed(consumer, list, 30'000);
  if (failed == RD_KAFKA_RESP_ERR_NO_ERROR && one->offset >= 0)
    result = {one->offset, text(one->metadata, one->metadata_size).value_or("")};
  rd_kafka_topic_partition_list_destroy(list);
  rd_kafka_destroy(consumer);
  if (failed != RD_KAFKA_RESP_ERR_NO_ERROR) throw std::runtime_error(rd_kafka_err2str(failed));
  return result;
}

}  // namespace gantry::test
