#include "kafka/offsets.hpp"

#include <librdkafka/rdkafka.h>

#include "kafka/admin.hpp"
#include "kafka/client_conf.hpp"
#include "kafka/committed_offsets.hpp"
#include "kafka/log_offset.hpp"

namespace gantry::kafka {
namespace {

List list_of(const std::set<TopicPartition>& of, std::int64_t offset) {
  List list{rd_kafka_topic_partition_list_new(static_cast<int>(of.size()))};
  for (const TopicPartition& one : of)
    rd_kafka_topic_partition_list_add(list.get(), one.topic.c_str(), one.partition)->offset =
        offset;
  return list;
}

OffsetsOf offsets_in(const rd_kafka_topic_partition_list_t& list) {
  OffsetsOf offsets;
  for (int i = 0; i < list.cnt; ++i) {
    const rd_kafka_topic_partition_t& one = list.elems[i];
    if (one.err == RD_KAFKA_RESP_ERR_NO_ERROR && one.offset >= 0)
      offsets[{one.topic, one.partition}] = one.offset;
  }
  return offsets;
}

int in_ms(Offsets::Timeout timeout) { return static_cast<int>(timeout.count()); }

}  // namespace

std::string client_version() { return rd_kafka_version_str(); }

class Offsets::Client {
 public:
  // group: whose offsets it may ask for; empty: none's.
  explicit Client(const config::Config& config, const std::string& group = {}) {
    ClientConf conf;
    conf.set("client.id", config.name + "-offsets");
    conf.set(config.kafka);
    if (!group.empty()) conf.set("group.id", group);
    rd_kafka_conf_set_opaque(conf.get(), this);
    rd_kafka_conf_set_error_cb(conf.get(),
                               [](rd_kafka_t*, int error, const char* text, void* self) {
                                 static_cast<Client*>(self)->remember(error, text);
                               });
    const auto bootstrap = config.kafka.find("bootstrap.servers");
    if (bootstrap != config.kafka.end()) bootstrap_ = bootstrap->second;
    client_ = std::move(conf).make(RD_KAFKA_CONSUMER, "the Kafka client that asks for offsets");
  }
  ~Client() { rd_kafka_destroy(client_); }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  rd_kafka_t* get() const { return client_; }

  [[noreturn]] void fail(const std::string& what, rd_kafka_resp_err_t error) {
    rd_kafka_poll(client_, 0);  // the callback, which knows more
    const std::string text = text_.empty() ? rd_kafka_err2str(error) : text_;
    const bool refused = error == RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED ||
                         error == RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED || refused_;
    const std::string where = "Kafka at " + bootstrap_ + ": " + what;
    if (refused)
      throw AdminError(AdminError::Kind::refused,
                       where + " was refused: " + text +
                           ". Correct the credentials under [kafka], or the user's rights.");
    throw AdminError(AdminError::Kind::unreachable,
                     where + " got no answer: " + text +
                         ". Start the brokers, or correct bootstrap.servers under [kafka].");
  }

  OffsetsOf list(const std::set<TopicPartition>& of, LogPlace place, Timeout timeout) {
    if (of.empty()) return {};
    text_.clear();
    const List list = list_of(of, static_cast<std::int64_t>(place));
    const auto error = rd_kafka_offsets_for_times(client_, list.get(), in_ms(timeout));
    if (error != RD_KAFKA_RESP_ERR_NO_ERROR) fail("asking for the ends of partitions", error);
    return offsets_in(*list);
  }

 private:
  void remember(int error, const char* text) {
    if (error == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN && !text_.empty()) return;  // says less
    refused_ = error == RD_KAFKA_RESP_ERR__AUTHENTICATION || error == RD_KAFKA_RESP_ERR__SSL;
    text_ = text;
  }

  std::string bootstrap_;
  std::string text_;
  bool refused_ = false;
  rd_kafka_t* client_;
};

Offsets::Offsets(const config::Config& config) : client_(std::make_unique<Client>(config)) {
  config_.name = config.name;
  config_.kafka = config.kafka;
}
Offsets::~Offsets() = default;

std::set<TopicPartition> Offsets::partitions(const std::set<std::string>& topics, Timeout timeout) {
  const rd_kafka_metadata_t* metadata = nullptr;
  // All topics: to ask for one by name would make it where brokers make topics by themselves.
  const auto error = rd_kafka_metadata(client_->get(), 1, nullptr, &metadata, in_ms(timeout));
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) client_->fail("asking for the topics", error);
  std::set<TopicPartition> found;
  for (int t = 0; t < metadata->topic_cnt; ++t) {
    const rd_kafka_metadata_topic_t& topic = metadata->topics[t];
    if (!topics.contains(topic.topic)) continue;
    for (int p = 0; p < topic.partition_cnt; ++p)
      found.insert({topic.topic, topic.partitions[p].id});
  }
  rd_kafka_metadata_destroy(metadata);
  return found;
}

OffsetsOf Offsets::ends(const std::set<TopicPartition>& of, Timeout timeout) {
  return client_->list(of, LogPlace::end, timeout);
}

OffsetsOf Offsets::begins(const std::set<TopicPartition>& of, Timeout timeout) {
  return client_->list(of, LogPlace::begin, timeout);
}

OffsetsOf Offsets::committed(const std::string& group, const std::set<TopicPartition>& of,
                             Timeout timeout) {
  OffsetsOf offsets;
  if (of.empty()) return offsets;
  Client member(config_, group);  // without a subscription it joins nothing
  const List list = list_of(of, RD_KAFKA_OFFSET_INVALID);
  const auto error = rd_kafka_committed(member.get(), list.get(), in_ms(timeout));
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR)
    member.fail("asking for the offsets of group " + group, error);
  return offsets_in(*list);
}

}  // namespace gantry::kafka
