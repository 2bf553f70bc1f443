// One assigned partition's queue of fetched messages, taken out of the consumer's main queue so
// that not taking from it is the back-pressure: pause and resume drop what was prefetched
// (librdkafka 2.0 to 2.8). Made in the rebalance callback, used by the route's lanes.
#pragma once

#include <librdkafka/rdkafka.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "route/partition_queue.hpp"

namespace gantry::route {
class Route;
}

namespace gantry::kafka {

class FetchWake;

class PartitionQueue final : public route::PartitionQueue {
 public:
  // Before rd_kafka_assign(), or messages would slip through the main queue. `route` is woken when
  // messages arrive, and wakes the client in turn when much of the queue has been taken.
  PartitionQueue(rd_kafka_t* client, std::string topic, std::int32_t number,
                 route::Committed committed, route::Route& route, const FetchWake& fetch_wake);
  ~PartitionQueue() override;
  PartitionQueue(const PartitionQueue&) = delete;
  PartitionQueue& operator=(const PartitionQueue&) = delete;

  const std::string& topic() const override { return topic_; }
  std::int32_t number() const override { return number_; }
  route::Committed committed() const override { return committed_; }
  std::string_view ended() const override { return ended_; }
  std::size_t take(std::span<route::Delivery* const> into) override;

 private:
  bool fill(rd_kafka_message_t* message, route::Delivery& into);  // false: none that is delivered
  void add_headers(route::Delivery& delivery);
  void count_taken(std::size_t bytes);
  void report(const rd_kafka_message_t& failed);

  const std::string topic_;
  const std::int32_t number_;
  const route::Committed committed_;
  rd_kafka_t* const client_;
  const FetchWake& fetch_wake_;
  const bool reads_headers_;
  rd_kafka_queue_t* queue_;
  std::string ended_;                          // by records that can't be read
  std::uint32_t number_taken_ = 0;             // records
  std::uint32_t header_bytes_ = 0;             // of the last one whose headers were read
  std::size_t taken_ = 0;                      // bytes since the last wake
  std::vector<rd_kafka_message_t*> messages_;  // scratch of take()
};

}  // namespace gantry::kafka
