// Whether a producer's brokers can be reached, and how many partitions its topics have. Owned by
// the producer; a thread of its own asks the brokers, since asking blocks and the poll thread must
// not.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "kafka/producer_client.hpp"

namespace gantry::kafka {

class BrokerWatch {
 public:
  using CurrentClient = std::function<std::shared_ptr<ProducerClient>()>;  // nullptr: none now
  // `status` is called on a change only, from several threads but never twice at once.
  BrokerWatch(CurrentClient current, std::function<void(bool, const std::string&)> status);
  ~BrokerWatch();
  BrokerWatch(const BrokerWatch&) = delete;
  BrokerWatch& operator=(const BrokerWatch&) = delete;

  // Any thread, never blocks. nullopt: not known (yet): asked for from now on, at once and then now
  // and then.
  std::optional<std::int32_t> partition_count(const std::string& topic);
  void up();
  void down(const std::string& reason);
  void brokers_down(
      const std::string& text);  // with the last error, which says more than that all are down
  // Something failed that may mean that the brokers are gone, or that a topic has changed: look at
  // once.
  void suspect();
  void remember_error(const std::string& text);  // said when the brokers turn out to be down

 private:
  using Clock = std::chrono::steady_clock;
  void run();
  void look(ProducerClient& client);
  void take(const rd_kafka_metadata_t& metadata);
  bool something_unknown() const;
  std::string why_down(const std::string& fallback) const;
  void report(bool up, const std::string& reason);

  const CurrentClient current_;
  const std::function<void(bool, const std::string&)> status_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::string, std::optional<std::int32_t>> counts_;
  std::string last_error_;
  bool look_now_ = true;
  bool stop_ = false;
  std::mutex status_mutex_;
  std::atomic<int> status_known_{-1};  // 0 down, 1 up
  std::thread thread_;
};

}  // namespace gantry::kafka
