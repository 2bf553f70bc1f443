// The inside of a Producer: its clients, the thread that polls them, and what becomes of each
// record.
#pragma once

#include <pthread.h>

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <thread>
#include <vector>

#include "kafka/broker_watch.hpp"
#include "kafka/producer.hpp"
#include "kafka/producer_client.hpp"

namespace gantry::kafka {

class Producer::Worker : private ProducerEvents {
 public:
  explicit Worker(ProducerSettings settings);
  ~Worker() override;
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  void publish(std::unique_ptr<Sending> sending);
  void flush();
  void recall();
  std::optional<std::int32_t> partition_count(const std::string& topic) {
    return watch_->partition_count(topic);
  }

 private:
  void delivered(std::unique_ptr<Sending> sending, rd_kafka_resp_err_t error,
                 bool from_broker) noexcept override;
  void failed(rd_kafka_resp_err_t error, const std::string& text) noexcept override;

  std::shared_ptr<ProducerClient> make(bool alone);
  std::shared_ptr<ProducerClient> current() const;
  void run();
  void poll_once();
  void send_lonely();
  void replace(const std::string& reason);
  void remake();
  rd_kafka_resp_err_t send_alone(std::unique_ptr<Sending>& sending);
  void finish(Sending& sending, rd_kafka_resp_err_t error, bool suspect = false) noexcept;

  const ProducerSettings settings_;
  // Shared by who sends; taken alone only to exchange the client, which takes no time.
  mutable std::shared_mutex client_mutex_;
  std::shared_ptr<ProducerClient> client_;  // nullptr: none now, why_none_ says why
  std::string why_none_;
  bool closing_ = false;
  // The poll thread's own.
  std::shared_ptr<ProducerClient> alone_;  // one record a batch; made when first needed
  bool polling_alone_ = false;             // a report that comes now is alone_'s
  std::chrono::milliseconds pause_{};      // before the next client, after a fatal error

  std::mutex stop_mutex_;
  std::condition_variable stopped_;
  bool stop_ = false;
  std::vector<std::unique_ptr<Sending>> lonely_;  // for alone_; guarded by stop_mutex_
  std::unique_ptr<BrokerWatch> watch_;
  std::thread thread_;
};

}  // namespace gantry::kafka
