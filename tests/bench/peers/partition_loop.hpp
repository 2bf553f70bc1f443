// The least code that takes records from librdkafka at speed: a thread a partition, each on the
// partition's own queue, one event at a time. What a peer does with them is its own. (The host
// takes many with one call, which spares librdkafka two looks at the clock for each.)
#pragma once

#include <librdkafka/rdkafka.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <thread>
#include <vector>

namespace gantry::bench {

class PartitionLoop {
 public:
  // Up to kMost records of one partition, good until it returns. From that partition's thread; the
  // one that makes it, makes it for the whole time of that thread.
  using Take = std::function<void(std::span<const rd_kafka_message_t* const>)>;
  using MakeTake = std::function<Take()>;
  static constexpr std::size_t kMost = 1000;

  PartitionLoop(std::int64_t messages, MakeTake make_take)
      : messages_(messages), make_take_(std::move(make_take)) {}

  // Takes all of the topic's records, up to `messages`, then says so on standard output, as
  // "done FIRST LAST COUNT" (nanoseconds of the monotonic clock), and waits to be ended.
  void run(const std::string& bootstrap, const std::string& topic);

 private:
  void rebalance(rd_kafka_t* client, rd_kafka_resp_err_t what,
                 rd_kafka_topic_partition_list_t* partitions);
  void take_from(rd_kafka_queue_t* queue);
  void took(std::size_t count);

  const std::int64_t messages_;
  const MakeTake make_take_;
  std::vector<std::thread> threads_;
  std::atomic<std::int64_t> first_{0};
  std::atomic<std::int64_t> taken_{0};
  std::atomic<std::int64_t> last_{0};
};

}  // namespace gantry::bench
