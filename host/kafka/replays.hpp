// The partitions of a route's replay topic, read only while something is expected in them. A client
// has one fetch under way at each broker, and one that asks for an empty partition alone stands
// there for fetch.wait.max.ms: meanwhile nothing comes of the partitions beside it, right after the
// assignment and whenever the host has as much of them as it may hold. Of the consumer's control
// thread.
#pragma once

#include <librdkafka/rdkafka.h>

#include <string>

#include "kafka/committed_offsets.hpp"
#include "kafka/consumer.hpp"

namespace gantry::route {
class Route;
}

namespace gantry::kafka {

class Replays {
 public:
  Replays(route::Route& route, ReplaysExpected expected);

  ~Replays() { let_topic_go(); }
  Replays(const Replays&) = delete;
  Replays& operator=(const Replays&) = delete;

  const std::string& topic() const { return topic_; }
  // Before the client subscribes, and before it is destroyed.
  void hold_topic(rd_kafka_t* client);
  void let_topic_go();
  // Right after rd_kafka_assign(), and before the route has the queues.
  void assigned(rd_kafka_t* client, const rd_kafka_topic_partition_list_t& partitions);
  void revoked() { partitions_.reset(); }
  // Again and again.
  void look();

 private:
  bool expected() const { return expected_ == nullptr || *expected_; }
  void read(bool wanted);

  route::Route& route_;
  const ReplaysExpected expected_;
  const std::string topic_;
  rd_kafka_topic_t* held_ = nullptr;
  rd_kafka_t* client_ = nullptr;
  List partitions_;  // nullptr: none is assigned
  bool reads_ = true;
};

}  // namespace gantry::kafka
