// The part of the test client that changes what a group finds: its commits, and the log itself.
#include <librdkafka/rdkafka.h>

#include <cstring>

#include "support/kafka_client.hpp"
#include "support/kafka_handles.hpp"

namespace gantry::test {
namespace {

constexpr int kTimeoutMs = 30000;

struct ErrorDeleter {
  void operator()(rd_kafka_error_t* error) const { rd_kafka_error_destroy(error); }
};

void check(rd_kafka_error_t* error, const std::string& doing) {
  const std::unique_ptr<rd_kafka_error_t, ErrorDeleter> owned(error);
  if (owned) throw std::runtime_error(doing + ": " + rd_kafka_error_string(owned.get()));
}

struct DeleteRecordsDeleter {
  void operator()(rd_kafka_DeleteRecords_t* p) const { rd_kafka_DeleteRecords_destroy(p); }
};

ClientHandle member_of(const std::string& bootstrap, const std::string& group) {
  return new_client(
      RD_KAFKA_CONSUMER,
      client_settings(bootstrap, {{"group.id", group}, {"enable.auto.commit", "false"}}));
}

}  // namespace

std::map<std::int32_t, std::string> KafkaClient::committed_metadata(const std::string& group,
                                                                    const std::string& topic) {
  const ClientHandle consumer = member_of(bootstrap_, group);
  const PartitionList list(rd_kafka_topic_partition_list_new(3));
  for (const std::int32_t partition : partitions(topic)) {
    rd_kafka_topic_partition_list_add(list.get(), topic.c_str(), partition);
  }
  check(rd_kafka_committed(consumer.get(), list.get(), kTimeoutMs),
        "asking for the offsets of group " + group);
  std::map<std::int32_t, std::string> result;
  for (int i = 0; i < list->cnt; ++i) {
    const rd_kafka_topic_partition_t& one = list->elems[i];
    if (one.offset < 0) continue;
    result[one.partition] = std::string(static_cast<const char*>(one.metadata), one.metadata_size);
  }
  return result;
}

void KafkaClient::commit(const std::string& group, const std::string& topic, std::int32_t partition,
                         std::int64_t offset, const std::string& metadata) {
  const ClientHandle consumer = member_of(bootstrap_, group);
  const PartitionList list(rd_kafka_topic_partition_list_new(1));
  rd_kafka_topic_partition_t* one =
      rd_kafka_topic_partition_list_add(list.get(), topic.c_str(), partition);
  one->offset = offset;
  one->metadata = rd_kafka_mem_malloc(nullptr, metadata.size() + 1);
  one->metadata_size = metadata.size();
  std::memcpy(one->metadata, metadata.data(), metadata.size());
  check(rd_kafka_commit(consumer.get(), list.get(), 0), "committing for group " + group);
}

void KafkaClient::delete_records(const std::string& topic, std::int32_t partition,
                                 std::int64_t before) {
  const PartitionList list(rd_kafka_topic_partition_list_new(1));
  rd_kafka_topic_partition_list_add(list.get(), topic.c_str(), partition)->offset = before;
  const std::unique_ptr<rd_kafka_DeleteRecords_t, DeleteRecordsDeleter> records(
      rd_kafka_DeleteRecords_new(list.get()));
  rd_kafka_DeleteRecords_t* all[] = {records.get()};
  const Handle<rd_kafka_queue_t> queue(rd_kafka_queue_new(producer_));
  rd_kafka_DeleteRecords(producer_, all, 1, nullptr, queue.get());
  const Handle<rd_kafka_event_t> event(rd_kafka_queue_poll(queue.get(), 2 * kTimeoutMs));
  if (!event) throw TimedOut("deleting records of " + topic + ": no answer");
  check(rd_kafka_event_error(event.get()), "deleting records of " + topic);
  const auto* result =
      rd_kafka_DeleteRecords_result_offsets(rd_kafka_event_DeleteRecords_result(event.get()));
  for (int i = 0; i < result->cnt; ++i) check(result->elems[i].err, "deleting records of " + topic);
}

void KafkaClient::produce_in_transaction(const std::string& topic, std::int32_t partition,
                                         int records) {
  const ClientHandle producer =
      new_client(RD_KAFKA_PRODUCER, client_settings(bootstrap_, {{"transactional.id", topic}}));
  check(rd_kafka_init_transactions(producer.get(), kTimeoutMs), "a transaction");
  check(rd_kafka_begin_transaction(producer.get()), "a transaction");
  for (int i = 0; i < records; ++i) {
    std::string key = "transaction-" + std::to_string(i);
    check(rd_kafka_producev(producer.get(), RD_KAFKA_V_TOPIC(topic.c_str()),
                            RD_KAFKA_V_PARTITION(partition), RD_KAFKA_V_KEY(key.data(), key.size()),
                            RD_KAFKA_V_VALUE(key.data(), key.size()),
                            RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY), RD_KAFKA_V_END),
          "producing to " + topic);
  }
  check(rd_kafka_commit_transaction(producer.get(), kTimeoutMs), "a transaction");
}

}  // namespace gantry::test
