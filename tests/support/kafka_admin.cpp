// The part of the test client that makes and describes topics, and looks at the cluster.
#include <librdkafka/rdkafka.h>

#include <functional>
#include <utility>

#include "support/kafka_client.hpp"
#include "support/kafka_handles.hpp"

namespace gantry::test {
namespace {

constexpr int kTimeoutMs = 30000;

// Sends an admin request and waits for its one event.
Handle<rd_kafka_event_t> ask(rd_kafka_t* client,
                             const std::function<void(rd_kafka_queue_t*)>& request,
                             const std::string& doing) {
  const Handle<rd_kafka_queue_t> queue(rd_kafka_queue_new(client));
  request(queue.get());
  Handle<rd_kafka_event_t> event(rd_kafka_queue_poll(queue.get(), 2 * kTimeoutMs));
  if (!event) throw TimedOut(doing + ": no answer");
  if (rd_kafka_event_error(event.get()) != RD_KAFKA_RESP_ERR_NO_ERROR) {
    throw std::runtime_error(doing + ": " + rd_kafka_event_error_string(event.get()));
  }
  return event;
}

std::string topic_problem(const rd_kafka_metadata_topic& topic) {
  const std::string name = topic.topic;
  if (topic.err != RD_KAFKA_RESP_ERR_NO_ERROR) return name + ": " + rd_kafka_err2str(topic.err);
  for (int p = 0; p < topic.partition_cnt; ++p) {
    const rd_kafka_metadata_partition& partition = topic.partitions[p];
    if (partition.leader < 0) return name + " has a partition without a leader";
    if (partition.isr_cnt < partition.replica_cnt)
      return name + " has a replica that is not in sync";
  }
  return {};
}

std::string leader_problem(rd_kafka_t* client, const std::string& topic, std::int32_t partition) {
  std::int64_t low = 0;
  std::int64_t high = 0;
  const auto error =
      rd_kafka_query_watermark_offsets(client, topic.c_str(), partition, &low, &high, kTimeoutMs);
  return error == RD_KAFKA_RESP_ERR_NO_ERROR ? "" : rd_kafka_err2str(error);
}

}  // namespace

rd_kafka_conf_t* client_settings(const std::string& bootstrap,
                                 const std::map<std::string, std::string>& properties) {
  rd_kafka_conf_t* settings = rd_kafka_conf_new();
  std::map<std::string, std::string> all = properties;
  all["bootstrap.servers"] = bootstrap;
  all["log_level"] = "2";                    // brokers that tests kill are no news
  all["reconnect.backoff.max.ms"] = "1000";  // and they come back soon
  all["socket.timeout.ms"] = "10000";        // a frozen one never answers
  for (const auto& [name, value] : all) {
    char error[256];
    if (rd_kafka_conf_set(settings, name.c_str(), value.c_str(), error, sizeof error) !=
        RD_KAFKA_CONF_OK) {
      rd_kafka_conf_destroy(settings);
      throw std::runtime_error(error);
    }
  }
  return settings;
}

ClientHandle new_client(rd_kafka_type_t type, rd_kafka_conf_t* settings) {
  char error[256];
  ClientHandle client(rd_kafka_new(type, settings, error, sizeof error));
  if (!client) {
    rd_kafka_conf_destroy(settings);
    throw std::runtime_error(error);
  }
  return client;
}

MetadataHandle metadata(rd_kafka_t* client, const std::string* topic, int timeout_ms) {
  Handle<rd_kafka_topic_t> handle;
  const rd_kafka_metadata_t* result = nullptr;
  if (topic != nullptr) handle.reset(rd_kafka_topic_new(client, topic->c_str(), nullptr));
  check(rd_kafka_metadata(client, topic == nullptr, handle.get(), &result, timeout_ms),
        "asking for metadata");
  return MetadataHandle(result);
}

void KafkaClient::create_topic(const std::string& name, const TopicShape& shape) {
  char error[256];
  const Handle<rd_kafka_NewTopic_t> topic(
      rd_kafka_NewTopic_new(name.c_str(), shape.partitions, shape.replicas, error, sizeof error));
  if (!topic) throw std::runtime_error("topic " + name + ": " + error);
  std::map<std::string, std::string> config = shape.config;
  config.emplace("min.insync.replicas", shape.replicas >= 3 ? "2" : "1");
  for (const auto& [key, value] : config) {
    check(rd_kafka_NewTopic_set_config(topic.get(), key.c_str(), value.c_str()), "topic " + name);
  }
  rd_kafka_NewTopic_t* topics[] = {topic.get()};
  const auto event = ask(
      producer_,
      [&](rd_kafka_queue_t* queue) { rd_kafka_CreateTopics(producer_, topics, 1, nullptr, queue); },
      "creating topic " + name);
  std::size_t count = 0;
  const auto* answers =
      rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(event.get()), &count);
  for (std::size_t i = 0; i < count; ++i) {
    check(rd_kafka_topic_result_error(answers[i]), "creating topic " + name);
  }
  std::string problem;
  eventually(
      [&] {
        const MetadataHandle found = metadata(producer_, &name, kTimeoutMs);
        problem = found->topics[0].partition_cnt < shape.partitions
                      ? "it is not known yet"
                      : topic_problem(found->topics[0]);
        // One broker knows it; now ask the leaders, who would refuse records until they do.
        for (int p = 0; p < found->topics[0].partition_cnt && problem.empty(); ++p)
          problem = leader_problem(producer_, name, p);
        return problem.empty();
      },
      60s, [&] { return "topic " + name + " to be ready: " + problem; });
}

void KafkaClient::delete_topic(const std::string& name) {
  const Handle<rd_kafka_DeleteTopic_t> topic(rd_kafka_DeleteTopic_new(name.c_str()));
  rd_kafka_DeleteTopic_t* topics[] = {topic.get()};
  const auto event = ask(
      producer_,
      [&](rd_kafka_queue_t* queue) { rd_kafka_DeleteTopics(producer_, topics, 1, nullptr, queue); },
      "deleting topic " + name);
  std::size_t count = 0;
  const auto* answers =
      rd_kafka_DeleteTopics_result_topics(rd_kafka_event_DeleteTopics_result(event.get()), &count);
  for (std::size_t i = 0; i < count; ++i) {
    check(rd_kafka_topic_result_error(answers[i]), "deleting topic " + name);
  }
}

void KafkaClient::set_topic_config(const std::string& name,
                                   const std::map<std::string, std::string>& config) {
  const std::string doing = "setting what topic " + name + " has";
  const Handle<rd_kafka_ConfigResource_t> resource(
      rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, name.c_str()));
  for (const auto& [key, value] : config)
    check(rd_kafka_ConfigResource_set_config(resource.get(), key.c_str(), value.c_str()), doing);
  rd_kafka_ConfigResource_t* resources[] = {resource.get()};
  const auto event = ask(
      producer_,
      [&](rd_kafka_queue_t* queue) {
        rd_kafka_AlterConfigs(producer_, resources, 1, nullptr, queue);
      },
      doing);
  std::size_t count = 0;
  const auto* answers = rd_kafka_AlterConfigs_result_resources(
      rd_kafka_event_AlterConfigs_result(event.get()), &count);
  for (std::size_t i = 0; i < count; ++i) check(rd_kafka_ConfigResource_error(answers[i]), doing);
}

std::optional<TopicShape> KafkaClient::topic(const std::string& name) {
  // All topics, not this one: asking a producer for one by name makes librdkafka remember that it
  // does not exist.
  const MetadataHandle found = metadata(producer_, nullptr, kTimeoutMs);
  TopicShape shape;
  shape.partitions = 0;
  for (int i = 0; i < found->topic_cnt; ++i) {
    const rd_kafka_metadata_topic& candidate = found->topics[i];
    if (candidate.topic != name || candidate.partition_cnt == 0) continue;
    shape.partitions = candidate.partition_cnt;
    shape.replicas = candidate.partitions[0].replica_cnt;
  }
  if (shape.partitions == 0) return std::nullopt;
  const Handle<rd_kafka_ConfigResource_t> resource(
      rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, name.c_str()));
  rd_kafka_ConfigResource_t* resources[] = {resource.get()};
  const auto event = ask(
      producer_,
      [&](rd_kafka_queue_t* queue) {
        rd_kafka_DescribeConfigs(producer_, resources, 1, nullptr, queue);
      },
      "describing topic " + name);
  std::size_t count = 0;
  const auto* answers = rd_kafka_DescribeConfigs_result_resources(
      rd_kafka_event_DescribeConfigs_result(event.get()), &count);
  for (std::size_t i = 0; i < count; ++i) {
    // Deleted, as a broker knows that the metadata did not come from.
    if (rd_kafka_ConfigResource_error(answers[i]) == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART)
      return std::nullopt;
    check(rd_kafka_ConfigResource_error(answers[i]), "describing topic " + name);
    std::size_t entries = 0;
    const auto* configs = rd_kafka_ConfigResource_configs(answers[i], &entries);
    for (std::size_t j = 0; j < entries; ++j) {
      if (rd_kafka_ConfigEntry_source(configs[j]) != RD_KAFKA_CONFIG_SOURCE_DYNAMIC_TOPIC_CONFIG)
        continue;
      const char* value = rd_kafka_ConfigEntry_value(configs[j]);
      shape.config[rd_kafka_ConfigEntry_name(configs[j])] = value == nullptr ? "" : value;
    }
  }
  return shape;
}

std::vector<std::int32_t> KafkaClient::partitions(const std::string& topic) {
  MetadataHandle found;
  // A topic that the host has just made: the broker that answered it knew it first.
  eventually(
      [&] {
        found = metadata(producer_, &topic, kTimeoutMs);
        return found->topics[0].err == RD_KAFKA_RESP_ERR_NO_ERROR;
      },
      30s,
      [&] { return "looking at topic " + topic + ": " + rd_kafka_err2str(found->topics[0].err); });
  std::vector<std::int32_t> result;
  for (int p = 0; p < found->topics[0].partition_cnt; ++p)
    result.push_back(found->topics[0].partitions[p].id);
  return result;
}

std::string KafkaClient::cluster_problem(int brokers) {
  MetadataHandle found;
  try {
    found = metadata(producer_, nullptr, 5000);
  } catch (const std::exception& error) {
    return error.what();
  }
  if (found->broker_cnt != brokers)
    return "it has " + std::to_string(found->broker_cnt) + " brokers";
  for (int i = 0; i < found->topic_cnt; ++i) {
    if (std::string problem = topic_problem(found->topics[i]); !problem.empty()) return problem;
  }
  return {};
}

}  // namespace gantry::test
