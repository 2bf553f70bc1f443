// Lets a client fetch on as soon as a partition's queue that was full has room again. librdkafka
// looks at that only when something wakes the thread of the partition's broker, and taking records
// from the queue does not: a consumer that is slower than its brokers stood still for up to a
// second, again and again. From 2.2 on `fetch.queue.backoff.ms` says how soon it looks. Before,
// what wakes these threads, without a request to anybody, is new SASL credentials: the client is
// given those that it has.
#pragma once

#include <librdkafka/rdkafka.h>

#include <cstddef>
#include <string>

#include "kafka/client_conf.hpp"

namespace gantry::kafka {

class FetchWake {
 public:
  // Before the files' own properties are set: the host's default of the property, where there is
  // one.
  static void prepare(ClientConf& conf);

  FetchWake() = default;
  // Once all is set: what the client will have.
  explicit FetchWake(ClientConf& conf);

  // Any thread; costs a few microseconds.
  void wake(rd_kafka_t* client) const;
  // So many bytes taken from a partition's queue are worth a wake: some a full queue, so that it
  // never runs empty before the next.
  std::size_t every() const { return every_; }

 private:
  bool needed_ = false;
  std::size_t every_ = 0;
  std::string user_, password_;
};

}  // namespace gantry::kafka
