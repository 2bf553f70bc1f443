#include "support/kafka_client.hpp"

#include <librdkafka/rdkafka.h>

#include <algorithm>
#include <stdexcept>

#include "support/kafka_handles.hpp"

namespace gantry::test {
namespace {

constexpr int kTimeoutMs = 30000;
// Instead of an offset: given up by the client, because the broker that it asked had not heard of
// the topic yet.
constexpr std::int64_t kUnheardOf = -2;

Bytes bytes(const void* data, std::size_t size) {
  if (data == nullptr) return std::nullopt;
  return std::string(static_cast<const char*>(data), size);
}

Record to_record(const rd_kafka_message_t& message) {
  Record record;
  record.topic = rd_kafka_topic_name(message.rkt);
  record.partition = message.partition;
  record.offset = message.offset;
  record.timestamp_ms = rd_kafka_message_timestamp(&message, nullptr);
  record.key = bytes(message.key, message.key_len);
  record.value = bytes(message.payload, message.len);
  rd_kafka_headers_t* headers = nullptr;
  if (rd_kafka_message_headers(&message, &headers) == RD_KAFKA_RESP_ERR_NO_ERROR) {
    const char* name = nullptr;
    const void* value = nullptr;
    std::size_t size = 0;
    for (std::size_t i = 0; rd_kafka_header_get_all(headers, i, &name, &value, &size) == 0; ++i) {
      record.headers.emplace_back(name, bytes(value, size));
    }
  }
  return record;
}

void on_delivery(rd_kafka_t*, const rd_kafka_message_t* message, void*) {
  auto* record = static_cast<Record*>(message->_private);
  if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
    record->partition = message->partition;
    record->offset = message->offset;
  } else if (message->err == RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC ||
             message->err == RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION ||
             message->err == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART) {
    record->offset = kUnheardOf;
  }
}

rd_kafka_resp_err_t try_send(rd_kafka_t* producer, Record& record) {
  rd_kafka_headers_t* headers = rd_kafka_headers_new(record.headers.size());
  for (const auto& [name, value] : record.headers) {
    rd_kafka_header_add(headers, name.data(), static_cast<ssize_t>(name.size()),
                        value ? value->data() : nullptr,
                        value ? static_cast<ssize_t>(value->size()) : 0);
  }
  record.offset = -1;
  const auto data = [](Bytes& part) { return part ? part->data() : nullptr; };
  const auto size = [](const Bytes& part) { return part ? part->size() : 0; };
  const rd_kafka_resp_err_t error = rd_kafka_producev(
      producer, RD_KAFKA_V_TOPIC(record.topic.c_str()), RD_KAFKA_V_PARTITION(record.partition),
      RD_KAFKA_V_KEY(data(record.key), size(record.key)),
      RD_KAFKA_V_VALUE(data(record.value), size(record.value)),
      RD_KAFKA_V_TIMESTAMP(record.timestamp_ms), RD_KAFKA_V_HEADERS(headers),
      RD_KAFKA_V_OPAQUE(&record), RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_BLOCK), RD_KAFKA_V_END);
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) rd_kafka_headers_destroy(headers);
  return error;
}

void send(rd_kafka_t* producer, Record& record) {
  rd_kafka_resp_err_t error{};
  // A topic that was just made is unknown until the broker that is asked has heard of it.
  eventually(
      [&] {
        error = try_send(producer, record);
        return error != RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC &&
               error != RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION;
      },
      30s, "the topic " + record.topic + " to be known");
  check(error, "producing to " + record.topic);
}

}  // namespace

bool Record::has_header(const std::string& name) const {
  return std::any_of(headers.begin(), headers.end(),
                     [&](const auto& header) { return header.first == name; });
}

Bytes Record::header(const std::string& name) const {
  const auto found = std::find_if(headers.rbegin(), headers.rend(),
                                  [&](const auto& header) { return header.first == name; });
  return found == headers.rend() ? std::nullopt : found->second;
}

KafkaClient::KafkaClient(std::string bootstrap) : bootstrap_(std::move(bootstrap)) {
  rd_kafka_conf_t* settings =
      client_settings(bootstrap_, {{"acks", "all"},
                                   {"enable.idempotence", "true"},
                                   {"partitioner", "murmur2_random"},
                                   {"linger.ms", "2"},
                                   {"message.max.bytes", "20000000"},
                                   {"topic.metadata.refresh.fast.interval.ms", "50"}});
  rd_kafka_conf_set_dr_msg_cb(settings, on_delivery);
  producer_ = new_client(RD_KAFKA_PRODUCER, settings).release();
}

KafkaClient::~KafkaClient() { rd_kafka_destroy(producer_); }

void KafkaClient::produce(std::vector<Record>& records) {
  std::vector<Record*> to_send;
  for (Record& record : records) to_send.push_back(&record);
  eventually(
      [&] {
        for (Record* record : to_send) {
          send(producer_, *record);
          rd_kafka_poll(producer_, 0);
        }
        check(rd_kafka_flush(producer_, 4 * kTimeoutMs), "waiting for acknowledgements");
        std::erase_if(to_send, [](const Record* record) { return record->offset != kUnheardOf; });
        return to_send.empty();
      },
      30s, "the topics to be known to all brokers");
  for (const Record& record : records) {
    if (record.offset < 0)
      throw std::runtime_error("a record to " + record.topic + " was not acknowledged");
  }
}

Record KafkaClient::produce(Record record) {
  std::vector<Record> one{std::move(record)};
  produce(one);
  return std::move(one.front());
}

std::vector<Record> KafkaClient::consume_all(const std::string& topic) {
  const ClientHandle consumer = new_client(
      RD_KAFKA_CONSUMER, client_settings(bootstrap_, {{"group.id", "gantry-test-reader"},
                                                      {"enable.auto.commit", "false"},
                                                      {"enable.partition.eof", "true"},
                                                      {"fetch.wait.max.ms", "20"},
                                                      {"fetch.message.max.bytes", "20000000"},
                                                      {"isolation.level", "read_committed"}}));
  rd_kafka_poll_set_consumer(consumer.get());
  const PartitionList list(rd_kafka_topic_partition_list_new(3));
  for (const std::int32_t partition : partitions(topic)) {
    rd_kafka_topic_partition_list_add(list.get(), topic.c_str(), partition)->offset =
        RD_KAFKA_OFFSET_BEGINNING;
  }
  check(rd_kafka_assign(consumer.get(), list.get()), "reading " + topic);
  std::vector<Record> records;
  const auto deadline = std::chrono::steady_clock::now() + 120s;
  for (int unfinished = list->cnt; unfinished > 0;) {
    if (std::chrono::steady_clock::now() > deadline)
      throw TimedOut("reading " + topic + " to its end");
    const MessageHandle message(rd_kafka_consumer_poll(consumer.get(), 100));
    if (!message) continue;
    if (message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
      --unfinished;
    } else if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
      records.push_back(to_record(*message));
    }
  }
  std::stable_sort(records.begin(), records.end(),
                   [](const Record& a, const Record& b) { return a.partition < b.partition; });
  return records;
}

std::map<std::int32_t, std::int64_t> KafkaClient::high_watermarks(const std::string& topic) {
  std::map<std::int32_t, std::int64_t> result;
  for (const std::int32_t partition : partitions(topic)) {
    // Not by rd_kafka_query_watermark_offsets(), which waits for a leader that has died.
    const PartitionList list(rd_kafka_topic_partition_list_new(1));
    rd_kafka_topic_partition_t* one =
        rd_kafka_topic_partition_list_add(list.get(), topic.c_str(), partition);
    one->offset = RD_KAFKA_OFFSET_END;
    check(rd_kafka_offsets_for_times(producer_, list.get(), kTimeoutMs),
          "asking for the offsets of " + topic);
    check(one->err, "asking for the offsets of " + topic);
    result[partition] = one->offset;
  }
  return result;
}

std::map<std::int32_t, std::int64_t> KafkaClient::committed(const std::string& group,
                                                            const std::string& topic) {
  const ClientHandle consumer = new_client(
      RD_KAFKA_CONSUMER,
      client_settings(bootstrap_, {{"group.id", group}, {"enable.auto.commit", "false"}}));
  const PartitionList list(rd_kafka_topic_partition_list_new(3));
  for (const std::int32_t partition : partitions(topic)) {
    rd_kafka_topic_partition_list_add(list.get(), topic.c_str(), partition);
  }
  check(rd_kafka_committed(consumer.get(), list.get(), kTimeoutMs),
        "asking for the offsets of group " + group);
  std::map<std::int32_t, std::int64_t> result;
  for (int i = 0; i < list->cnt; ++i) {
    if (list->elems[i].offset >= 0) result[list->elems[i].partition] = list->elems[i].offset;
  }
  return result;
}

std::int64_t KafkaClient::lag(const std::string& group, const std::string& topic) {
  const auto done = committed(group, topic);
  std::int64_t result = 0;
  for (const auto& [partition, high] : high_watermarks(topic)) {
    const auto found = done.find(partition);
    result += high - (found == done.end() ? 0 : found->second);
  }
  return result;
}

void KafkaClient::wait_until_committed(const std::string& group, const std::string& topic,
                                       std::chrono::milliseconds timeout) {
  std::string found;
  eventually(
      [&] {
        try {
          const std::int64_t left = lag(group, topic);
          found = std::to_string(left) + " messages left";
          return left == 0;
        } catch (const std::exception& error) {  // coordinators and leaders move when brokers die
          found = error.what();
          return false;
        }
      },
      timeout, [&] { return "group " + group + " to commit all of " + topic + "; " + found; });
}

}  // namespace gantry::test
