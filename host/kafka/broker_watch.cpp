#include "kafka/broker_watch.hpp"

#include <pthread.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "kafka/no_signals.hpp"

namespace gantry::kafka {
namespace {

constexpr std::chrono::seconds ask_timeout{1};
constexpr std::chrono::seconds soon{1};      // while the brokers are away or a topic is not known
constexpr std::chrono::seconds refresh{60};  // partitions get added now and then

struct TopicDeleter {
  void operator()(rd_kafka_topic_t* topic) const { rd_kafka_topic_destroy(topic); }
};
using Topic = std::unique_ptr<rd_kafka_topic_t, TopicDeleter>;

}  // namespace

BrokerWatch::BrokerWatch(CurrentClient current,
                         std::function<void(bool, const std::string&)> status)
    : current_(std::move(current)), status_(std::move(status)) {
  const NoSignals no_signals;
  thread_ = std::thread([this] { run(); });
  pthread_setname_np(thread_.native_handle(), "kafka-watch");
}

BrokerWatch::~BrokerWatch() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

std::optional<std::int32_t> BrokerWatch::partition_count(const std::string& topic) {
  const std::lock_guard lock(mutex_);
  const auto [entry, is_new] = counts_.try_emplace(topic);
  if (is_new) {
    look_now_ = true;
    changed_.notify_all();
  }
  return entry->second;
}

void BrokerWatch::up() {
  if (status_known_ != 1) report(true, "");
}

void BrokerWatch::down(const std::string& reason) {
  report(false, reason);
  suspect();
}

void BrokerWatch::suspect() {
  const std::lock_guard lock(mutex_);
  look_now_ = true;
  changed_.notify_all();
}

void BrokerWatch::brokers_down(const std::string& text) { down(why_down(text)); }

void BrokerWatch::remember_error(const std::string& text) {
  const std::lock_guard lock(mutex_);
  last_error_ = text.substr(0, text.find(" (after "));  // how long it took is not why
}

void BrokerWatch::run() {
  std::unique_lock lock(mutex_);
  while (!stop_) {
    look_now_ = false;
    lock.unlock();
    if (const auto client = current_()) look(*client);
    lock.lock();
    // Also when told to look at once not more often than this: a topic that is missing must not
    // become a storm.
    changed_.wait_for(lock, soon / 10, [&] { return stop_; });
    const auto until = Clock::now() + (something_unknown() ? soon : refresh);
    changed_.wait_until(lock, until, [&] { return stop_ || look_now_; });
  }
}

bool BrokerWatch::something_unknown() const {
  return status_known_ != 1 || std::any_of(counts_.begin(), counts_.end(),
                                           [](const auto& topic) { return !topic.second; });
}

void BrokerWatch::look(ProducerClient& client) {
  // What librdkafka knows of locally is what it asks the brokers for.
  std::vector<Topic> topics;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [name, count] : counts_) {
      topics.emplace_back(rd_kafka_topic_new(client.handle(), name.c_str(), nullptr));
    }
  }
  const rd_kafka_metadata_t* metadata = nullptr;
  const auto timeout = std::chrono::milliseconds(ask_timeout).count();
  const rd_kafka_resp_err_t error =
      rd_kafka_metadata(client.handle(), 0, nullptr, &metadata, static_cast<int>(timeout));
  if (error == RD_KAFKA_RESP_ERR_NO_ERROR) {
    take(*metadata);
    rd_kafka_metadata_destroy(metadata);
    return up();
  }
  report(false, why_down(rd_kafka_err2str(error)));
}

std::string BrokerWatch::why_down(const std::string& fallback) const {
  const std::lock_guard lock(mutex_);
  return "no broker answers: " + (last_error_.empty() ? fallback : last_error_);
}

void BrokerWatch::take(const rd_kafka_metadata_t& metadata) {
  const std::lock_guard lock(mutex_);
  last_error_.clear();
  for (int i = 0; i < metadata.topic_cnt; ++i) {
    const rd_kafka_metadata_topic_t& topic = metadata.topics[i];
    const auto known = counts_.find(topic.topic);
    if (known == counts_.end()) continue;
    if (topic.err == RD_KAFKA_RESP_ERR_NO_ERROR && topic.partition_cnt > 0) {
      known->second = topic.partition_cnt;
    } else if (topic.err == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART) {
      known->second.reset();
    }
  }
}

void BrokerWatch::report(bool up, const std::string& reason) {
  const std::lock_guard lock(status_mutex_);
  const int known = up ? 1 : 0;
  // The first reason stands for an outage: the brokers' errors take turns, and each would be a
  // change.
  if (status_known_ == known) return;
  status_known_ = known;
  if (status_) status_(up, reason);
}

}  // namespace gantry::kafka
