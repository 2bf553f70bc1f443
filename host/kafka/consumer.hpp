// One route's consumer: its group membership, its assignment and its commits. A control thread of
// its own polls for the group whatever handlers do, runs the rebalance callbacks and commits; it
// never runs plugin code.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>

#include "config/model.hpp"

namespace gantry::route {
class Route;
}

namespace gantry::kafka {

// One partition's share of the memory budget (librdkafka applies queued.max.messages.kbytes to each
// partition).
struct Prefetch {
  int queue_kbytes = 3'072;
  int fetch_bytes = 384 * 1024;
};
// memory_mb shared out over all subscribed partitions. Those of routes that run already keep what
// they have (`held_kbytes` in all): where it is more than their share, less is left for `new_ones`.
Prefetch share_memory(std::int64_t memory_mb, std::size_t partitions, std::int64_t held_kbytes = 0,
                      std::size_t new_ones = 0);
// The memory_mb whose share for queues is this much: more than what is configured where there are
// so many partitions that each has the least that works.
std::int64_t memory_for(std::int64_t queue_kbytes);

// Whether the route's replay topic may hold records that are not settled: said by whoever looks at
// the ends of partitions, as old as that look. The consumer reads that topic only then. nullptr:
// nobody looks, and it is read always.
using ReplaysExpected = std::shared_ptr<const std::atomic<bool>>;

// Gives a fetched message back: route::Release.
void release_fetched(void* fetched);

class Consumer {
 public:
  // What keeps the consumer from working, for health; empty: nothing. From the control thread.
  using Report = std::function<void(std::string_view reason)>;

  // Both are outlived. start() throws std::runtime_error when librdkafka refuses the configuration.
  Consumer(const config::Config& config, route::Route& route, Prefetch prefetch, Report report,
           ReplaysExpected replays_expected = nullptr);
  ~Consumer();

  void start();
  // Drains, commits and gives the assignment up.
  enum class Leave {
    no,  // stays a member until session.timeout.ms: who takes its place within that time moves no
         // partition (static membership, KIP-345)
    yes  // nobody takes its place: the partitions are shared out anew at once
  };
  void stop(Leave leave = Leave::no);
  // A handler still holds messages: the client is closed and left alone, since rd_kafka_destroy()
  // would wait for them.
  void abandon();

 private:
  class Membership;
  std::unique_ptr<Membership> membership_;
};

}  // namespace gantry::kafka
