// One librdkafka producer and the records on their way through it. Producer makes one, and another
// after a fatal error.
#pragma once

#include <librdkafka/rdkafka.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "kafka/client_conf.hpp"
#include "route/message/publisher.hpp"

namespace gantry::kafka {

// A record on its way. librdkafka reads key and value from here, so it stays where it is until its
// delivery report.
struct Sending {
  route::OutRecord record;
  std::function<void(const route::PublishResult&)> done;
};

// What the client tells, on the thread that polls it.
class ProducerEvents {
 public:
  virtual ~ProducerEvents() = default;
  virtual void delivered(std::unique_ptr<Sending> sending, rd_kafka_resp_err_t error,
                         bool from_broker) noexcept = 0;
  virtual void failed(rd_kafka_resp_err_t error, const std::string& text) noexcept = 0;
};

class ProducerClient {
 public:
  ProducerClient(ClientConf conf, ProducerEvents& events, const std::string& what);
  ~ProducerClient();  // call drain() first: it needs the events
  ProducerClient(const ProducerClient&) = delete;
  ProducerClient& operator=(const ProducerClient&) = delete;

  // Any thread, never blocks. NO_ERROR: taken, delivered() will follow. Else `sending` is still the
  // caller's.
  rd_kafka_resp_err_t send(std::unique_ptr<Sending>& sending);
  void poll(std::chrono::milliseconds timeout);
  // The next poll() wakes librdkafka to send what waits for linger.ms; it is woken for that, from
  // any thread. By itself librdkafka would wake a whole millisecond later for any time above 0,
  // since poll(2) counts in those, and for 0 on the first record of many.
  void flush();
  // Gives back as purged what is not on the wire. Any thread; the reports come to poll().
  void recall();
  // Gives every record back as purged, what is on the wire after this time. Polls; nobody may send
  // any more.
  void drain(std::chrono::milliseconds for_the_wire = std::chrono::milliseconds{0});
  std::optional<std::string> fatal_error() const;
  bool idle() const { return outstanding_ == 0; }
  rd_kafka_t* handle() const { return client_; }

 private:
  static void on_delivery(rd_kafka_t*, const rd_kafka_message_t* message, void* self);
  static void on_error(rd_kafka_t*, int error, const char* text, void* self);

  ProducerEvents& events_;
  std::atomic<std::size_t> outstanding_{0};
  std::atomic<bool> flush_{false};
  rd_kafka_t* client_;
  rd_kafka_queue_t* polled_;
};

}  // namespace gantry::kafka
