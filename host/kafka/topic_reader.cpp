#include "kafka/topic_reader.hpp"

#include <librdkafka/rdkafka.h>

#include <set>
#include <stdexcept>
#include <thread>
#include <utility>
#include <vector>

#include "kafka/client_conf.hpp"
#include "kafka/headers.hpp"
#include "kafka/log_offset.hpp"

namespace gantry::kafka {
namespace {

using Clock = std::chrono::steady_clock;
constexpr int kPollMs = 200;
constexpr std::chrono::milliseconds kAskAgain{100};

struct Deleter {
  void operator()(rd_kafka_queue_t* queue) const { rd_kafka_queue_destroy(queue); }
  void operator()(rd_kafka_message_t* message) const { rd_kafka_message_destroy(message); }
};
using Queue = std::unique_ptr<rd_kafka_queue_t, Deleter>;
using Message = std::unique_ptr<rd_kafka_message_t, Deleter>;

// The partitions that are read into one queue, stopped whatever happens.
class Fetching {
 public:
  Fetching(rd_kafka_t* client, const std::string& topic)
      : queue_(rd_kafka_queue_new(client)),
        topic_(rd_kafka_topic_new(client, topic.c_str(), nullptr)) {}
  ~Fetching() {
    for (const std::int32_t partition : partitions_) rd_kafka_consume_stop(topic_, partition);
    queue_.reset();
    rd_kafka_topic_destroy(topic_);
  }
  Fetching(const Fetching&) = delete;
  Fetching& operator=(const Fetching&) = delete;

  void start(std::int32_t partition, std::int64_t offset) {
    if (rd_kafka_consume_start_queue(topic_, partition, offset, queue_.get()) != 0)
      throw std::runtime_error(rd_kafka_err2str(rd_kafka_last_error()));
    partitions_.insert(partition);
  }
  void stop(std::int32_t partition) {
    if (partitions_.erase(partition) != 0) rd_kafka_consume_stop(topic_, partition);
  }
  bool runs(std::int32_t partition) const { return partitions_.contains(partition); }
  bool done() const { return partitions_.empty(); }
  Message next() { return Message(rd_kafka_consume_queue(queue_.get(), kPollMs)); }

 private:
  Queue queue_;
  rd_kafka_topic_t* topic_;
  std::set<std::int32_t> partitions_;
};

std::optional<std::string> bytes(const void* data, std::size_t size) {
  if (data == nullptr) return std::nullopt;
  return std::string(static_cast<const char*>(data), size);
}

StoredRecord copy(const rd_kafka_message_t& message, const std::string& topic) {
  StoredRecord stored;
  stored.offset = message.offset;
  stored.record.topic = topic;
  stored.record.partition = message.partition;
  stored.record.key = bytes(message.key, message.key_len);
  stored.record.value = bytes(message.payload, message.len);
  stored.record.timestamp_ms = rd_kafka_message_timestamp(&message, nullptr);
  std::vector<gantry_header> headers;
  if (read_headers(&message, headers) != RD_KAFKA_RESP_ERR_NO_ERROR) headers.clear();
  for (const gantry_header& header : headers)
    stored.record.headers.push_back({std::string(header.name.data, header.name.size),
                                     bytes(header.value.data, header.value.size)});
  return stored;
}

rd_kafka_resp_err_t ask_range(rd_kafka_t* client, const std::string& topic, std::int32_t partition,
                              int timeout_ms, OffsetRange& range) {
  const auto error = ask_offset(client, topic, partition, LogPlace::begin, timeout_ms, range.begin);
  return error != RD_KAFKA_RESP_ERR_NO_ERROR
             ? error
             : ask_offset(client, topic, partition, LogPlace::end, timeout_ms, range.end);
}

bool refused(rd_kafka_resp_err_t error) {
  return error == RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED ||
         error == RD_KAFKA_RESP_ERR__AUTHENTICATION || error == RD_KAFKA_RESP_ERR__SSL;
}

}  // namespace

class TopicReader::Client {
 public:
  explicit Client(const config::Config& config);
  ~Client() { rd_kafka_destroy(client_); }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  rd_kafka_t* get() const { return client_; }
  void remember(rd_kafka_resp_err_t error, const char* text);
  [[noreturn]] void fail(const std::string& topic);

 private:
  std::string bootstrap_;
  rd_kafka_resp_err_t error_ = RD_KAFKA_RESP_ERR_NO_ERROR;
  std::string text_;
  rd_kafka_t* client_;
};

TopicReader::Client::Client(const config::Config& config) {
  ClientConf conf;
  conf.set("client.id", config.name + "-reader");
  conf.set("queued.max.messages.kbytes", "16384");
  conf.set("fetch.wait.max.ms", "50");
  conf.set(config.kafka);
  conf.set("enable.partition.eof", "true");
  conf.set("auto.offset.reset", "earliest");  // retention may have gone past where it is to begin
  rd_kafka_conf_set_opaque(conf.get(), this);
  rd_kafka_conf_set_error_cb(conf.get(), [](rd_kafka_t*, int error, const char* text, void* self) {
    static_cast<Client*>(self)->remember(static_cast<rd_kafka_resp_err_t>(error), text);
  });
  const auto bootstrap = config.kafka.find("bootstrap.servers");
  if (bootstrap != config.kafka.end()) bootstrap_ = bootstrap->second;
  client_ = std::move(conf).make(RD_KAFKA_CONSUMER, "the Kafka client that reads topics");
}

void TopicReader::Client::remember(rd_kafka_resp_err_t error, const char* text) {
  if (error == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN && !text_.empty()) return;  // that says less
  error_ = error;
  text_ = text;
}

void TopicReader::Client::fail(const std::string& topic) {
  rd_kafka_poll(client_, 0);
  if (text_.empty()) text_ = "timed out";
  const std::string what = "Kafka at " + bootstrap_ + ": reading " + topic;
  if (refused(error_))
    throw AdminError(AdminError::Kind::refused,
                     what + " was refused: " + text_ +
                         ". Correct the credentials under [kafka], or the user's rights.");
  throw AdminError(AdminError::Kind::unreachable,
                   what + " got no answer: " + text_ +
                       ". Start the brokers, or correct bootstrap.servers under [kafka].");
}

TopicReader::TopicReader(const config::Config& config)
    : client_(std::make_unique<Client>(config)) {}
TopicReader::~TopicReader() = default;

Extent TopicReader::extent(const std::string& topic, Timeout timeout) {
  const int wait = static_cast<int>(timeout.count());
  const rd_kafka_metadata_t* metadata = nullptr;
  // All topics: to ask for one by name would make it where brokers make topics by themselves.
  auto error = rd_kafka_metadata(client_->get(), 1, nullptr, &metadata, wait);
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) {
    client_->remember(error, rd_kafka_err2str(error));
    client_->fail(topic);
  }
  Extent extent;
  for (int t = 0; t < metadata->topic_cnt; ++t) {
    if (metadata->topics[t].topic != topic) continue;
    for (int p = 0; p < metadata->topics[t].partition_cnt; ++p)
      extent[metadata->topics[t].partitions[p].id] = {};
  }
  rd_kafka_metadata_destroy(metadata);
  const auto give_up = Clock::now() + timeout;
  for (auto& [partition, range] : extent) {
    // Until its leader is known everywhere, which takes a moment when one was just elected.
    while ((error = ask_range(client_->get(), topic, partition, wait, range)) !=
           RD_KAFKA_RESP_ERR_NO_ERROR) {
      client_->remember(error, rd_kafka_err2str(error));
      if (refused(error) || Clock::now() > give_up) client_->fail(topic);
      std::this_thread::sleep_for(kAskAgain);
    }
  }
  return extent;
}

void TopicReader::read(const std::string& topic, const Extent& extent, const Take& take,
                       Timeout timeout) {
  Fetching fetching(client_->get(), topic);
  for (const auto& [partition, range] : extent)
    if (range.begin < range.end) fetching.start(partition, range.begin);
  auto give_up = Clock::now() + timeout;
  while (!fetching.done()) {
    const Message message = fetching.next();
    rd_kafka_poll(client_->get(), 0);
    if (!message) {
      if (Clock::now() > give_up) client_->fail(topic);
      continue;
    }
    if (message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
      fetching.stop(message->partition);
    } else if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR) {
      client_->remember(message->err, rd_kafka_message_errstr(message.get()));
      if (refused(message->err)) client_->fail(topic);
      continue;
    } else if (fetching.runs(message->partition)) {
      const std::int64_t end = extent.at(message->partition).end;
      if (message->offset < end && !take(copy(*message, topic))) return;
      if (message->offset + 1 >= end) fetching.stop(message->partition);
    }
    give_up = Clock::now() + timeout;
  }
}

}  // namespace gantry::kafka
