#include "embedded/kafka_client.hpp"

#include <algorithm>
#include <memory>
#include <stdexcept>

#include "kafka/client_conf.hpp"

namespace gantry::embedded {
namespace {

constexpr int kTimeoutMs = 10'000;

struct DestroyList {
  void operator()(rd_kafka_topic_partition_list_t* list) const {
    rd_kafka_topic_partition_list_destroy(list);
  }
};
using PartitionList = std::unique_ptr<rd_kafka_topic_partition_list_t, DestroyList>;

PartitionList all_of(const std::string& topic, int partitions) {
  PartitionList list(rd_kafka_topic_partition_list_new(partitions));
  for (int p = 0; p < partitions; ++p) {
    rd_kafka_topic_partition_list_add(list.get(), topic.c_str(), p)->offset = 0;
  }
  return list;
}

void check(rd_kafka_resp_err_t error, const std::string& what) {
  if (error == RD_KAFKA_RESP_ERR_NO_ERROR) return;
  throw std::runtime_error("development brokers: " + what + ": " + rd_kafka_err2str(error));
}

struct Range {
  std::int64_t begin = 0;
  std::int64_t end = 0;
};

Range range_of(const Client& client, const std::string& topic, std::int32_t partition) {
  Range range;
  check(rd_kafka_query_watermark_offsets(client.get(), topic.c_str(), partition, &range.begin,
                                         &range.end, kTimeoutMs),
        "offsets of " + topic);
  return range;
}

std::optional<std::string> text(const void* data, std::size_t size) {
  if (data == nullptr) return std::nullopt;
  return std::string(static_cast<const char*>(data), size);
}

Record record_of(const rd_kafka_message_t& message) {
  Record record{rd_kafka_topic_name(message.rkt),
                message.partition,
                text(message.key, message.key_len),
                text(message.payload, message.len),
                {}};
  rd_kafka_headers_t* headers = nullptr;
  if (rd_kafka_message_headers(&message, &headers) == RD_KAFKA_RESP_ERR_NO_ERROR) {
    const char* name = nullptr;
    const void* value = nullptr;
    std::size_t size = 0;
    for (std::size_t i = 0;
         rd_kafka_header_get_all(headers, i, &name, &value, &size) == RD_KAFKA_RESP_ERR_NO_ERROR;
         ++i) {
      record.headers.emplace_back(name, text(value, size).value_or(""));
    }
  }
  return record;
}

void produce(const Client& client, const Record& record) {
  std::vector<rd_kafka_vu_t> fields;
  const auto add = [&](rd_kafka_vtype_t type, auto fill) {
    rd_kafka_vu_t field{};
    field.vtype = type;
    fill(field.u);
    fields.push_back(field);
  };
  add(RD_KAFKA_VTYPE_TOPIC, [&](auto& u) { u.cstr = record.topic.c_str(); });
  add(RD_KAFKA_VTYPE_PARTITION, [&](auto& u) { u.i32 = record.partition; });
  add(RD_KAFKA_VTYPE_MSGFLAGS, [&](auto& u) { u.i = RD_KAFKA_MSG_F_COPY; });
  const auto add_bytes = [&](rd_kafka_vtype_t type, const std::optional<std::string>& bytes) {
    if (!bytes) return;
    add(type, [&](auto& u) {
      u.mem.ptr = const_cast<char*>(bytes->data());  // copied, not changed
      u.mem.size = bytes->size();
    });
  };
  add_bytes(RD_KAFKA_VTYPE_KEY, record.key);
  add_bytes(RD_KAFKA_VTYPE_VALUE, record.value);
  for (const auto& [name, value] : record.headers) {
    add(RD_KAFKA_VTYPE_HEADER, [&](auto& u) {
      u.header.name = name.c_str();
      u.header.val = value.data();
      u.header.size = static_cast<ssize_t>(value.size());
    });
  }
  rd_kafka_error_t* const error = rd_kafka_produceva(client.get(), fields.data(), fields.size());
  const rd_kafka_resp_err_t code = rd_kafka_error_code(error);
  if (error != nullptr) rd_kafka_error_destroy(error);
  check(code, "writing to " + record.topic);
}

}  // namespace

Client::Client(rd_kafka_type_t type, const config::Properties& properties) {
  kafka::ClientConf conf;
  conf.set(properties);
  rd_kafka_conf_set_opaque(conf.get(), this);
  if (type == RD_KAFKA_PRODUCER) rd_kafka_conf_set_dr_msg_cb(conf.get(), on_delivery);
  client_ = std::move(conf).make(type, "a client of the development brokers");
}

Client::~Client() { rd_kafka_destroy(client_); }

void Client::on_delivery(rd_kafka_t*, const rd_kafka_message_t* message, void* self) {
  if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR) {
    static_cast<Client*>(self)->delivery_error_ = message->err;
  }
}

std::vector<Record> read_topic(const std::string& bootstrap, const std::string& topic,
                               int partitions) {
  const Client client(
      RD_KAFKA_CONSUMER,
      {{"bootstrap.servers", bootstrap}, {"group.id", "reader"}, {"enable.auto.commit", "false"}});
  rd_kafka_poll_set_consumer(client.get());
  std::size_t expected = 0;
  const PartitionList list = all_of(topic, partitions);
  for (int p = 0; p < partitions; ++p) {
    const Range range = range_of(client, topic, p);
    list->elems[p].offset = range.begin;
    expected += static_cast<std::size_t>(range.end - range.begin);
  }
  check(rd_kafka_assign(client.get(), list.get()), "reading " + topic);
  std::vector<Record> records;
  while (records.size() < expected) {
    rd_kafka_message_t* const message = rd_kafka_consumer_poll(client.get(), kTimeoutMs);
    check(message == nullptr ? RD_KAFKA_RESP_ERR__TIMED_OUT : message->err, "reading " + topic);
    records.push_back(record_of(*message));
    rd_kafka_message_destroy(message);
  }
  rd_kafka_consumer_close(client.get());
  return records;
}

void write_records(const std::string& bootstrap, const std::vector<Record>& records) {
  const Client client(RD_KAFKA_PRODUCER,
                      {{"bootstrap.servers", bootstrap}, {"partitioner", "murmur2_random"}});
  for (const Record& record : records) produce(client, record);
  check(rd_kafka_flush(client.get(), kTimeoutMs), "writing records");
  check(client.delivery_error(), "writing records");
}

std::int64_t group_lag(const std::string& bootstrap, const std::string& group,
                       const std::string& topic, int partitions) {
  const Client client(RD_KAFKA_CONSUMER, {{"bootstrap.servers", bootstrap}, {"group.id", group}});
  const PartitionList list = all_of(topic, partitions);
  check(rd_kafka_committed(client.get(), list.get(), kTimeoutMs), "offsets of group " + group);
  std::int64_t lag = 0;
  for (int p = 0; p < partitions; ++p) {
    const Range range = range_of(client, topic, p);
    lag += range.end - std::max(list->elems[p].offset, range.begin);
  }
  return lag;
}

}  // namespace gantry::embedded
