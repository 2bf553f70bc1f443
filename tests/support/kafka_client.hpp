// What tests ask of Kafka: make topics, write records, read everything back, look at offsets. A
// client of its own beside the host's code, so that a mistake there is not made twice. Each call
// waits until it is done and throws when it fails. Used on one thread.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "support/wait.hpp"

struct rd_kafka_s;

namespace gantry::test {

using Bytes = std::optional<std::string>;  // nullopt: Kafka's null

struct Record {
  std::string topic{};
  std::int32_t partition = -1;  // -1: by key (murmur2_random, as Java does)
  std::int64_t offset = -1;
  std::int64_t timestamp_ms = 0;  // producing: 0 is now
  Bytes key{};
  Bytes value{};
  std::vector<std::pair<std::string, Bytes>> headers{};

  Bytes header(
      const std::string& name) const;  // the last of that name; nullopt also where there is none
  bool has_header(const std::string& name) const;
};

struct TopicShape {
  int partitions = 3;
  int replicas = 3;
  std::map<std::string, std::string> config{};
};

class KafkaClient {
 public:
  explicit KafkaClient(std::string bootstrap);
  ~KafkaClient();
  KafkaClient(const KafkaClient&) = delete;
  KafkaClient& operator=(const KafkaClient&) = delete;

  void create_topic(const std::string& name,
                    const TopicShape& shape = {});  // and waits for its leaders
  void delete_topic(const std::string& name);
  // All that is set on the topic itself: what is not named here is the brokers' default again.
  void set_topic_config(const std::string& name, const std::map<std::string, std::string>& config);
  // Nobody but super users may do anything with it, until they may again.
  void forbid(const std::string& topic);
  void permit(const std::string& topic);
  // The user of KafkaCluster::secure_table() may look at it and do nothing else.
  void show_only(const std::string& topic);
  std::optional<TopicShape> topic(
      const std::string& name);  // config: what was set on the topic itself

  // Acknowledged by all in-sync replicas; where each record went is filled in.
  void produce(std::vector<Record>& records);
  Record produce(Record record);

  // Everything up to the end, in order within each partition.
  std::vector<Record> consume_all(const std::string& topic);
  std::map<std::int32_t, std::int64_t> high_watermarks(const std::string& topic);
  // Partitions without a committed offset are left out.
  std::map<std::int32_t, std::int64_t> committed(const std::string& group,
                                                 const std::string& topic);
  std::map<std::int32_t, std::string> committed_metadata(const std::string& group,
                                                         const std::string& topic);
  // As a member that is not there any more had left it; nobody is in the group.
  void commit(const std::string& group, const std::string& topic, std::int32_t partition,
              std::int64_t offset, const std::string& metadata);
  // As retention does: those below `before` are gone, and the log begins there.
  void delete_records(const std::string& topic, std::int32_t partition, std::int64_t before);
  // Its marker takes an offset of its own behind them.
  void produce_in_transaction(const std::string& topic, std::int32_t partition, int records);
  // Messages not committed yet, over all partitions.
  std::int64_t lag(const std::string& group, const std::string& topic);
  void wait_until_committed(const std::string& group, const std::string& topic,
                            std::chrono::milliseconds timeout = 120s);

  std::string cluster_problem(int brokers);  // empty: all brokers there, all replicas in sync

 private:
  // Waits for a topic that the broker asked has not heard of yet.
  std::vector<std::int32_t> partitions(const std::string& topic);

  std::string bootstrap_;
  rd_kafka_s* producer_;
};

}  // namespace gantry::test
