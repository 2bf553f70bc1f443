#include "kafka/consumer.hpp"

#include <algorithm>

#include "kafka/membership.hpp"

namespace gantry::kafka {
namespace {

// Measured: a stalled partition holds up to 2.4 times its queue limit, and nine of them, beside a
// process that works, went 4 % beyond the budget with a third of it for the queues. Two sevenths
// leave the rest for that, for parked copies and for the process itself.
constexpr std::int64_t kSevenths = 7;
constexpr std::int64_t kForQueues = 2;

}  // namespace

Prefetch share_memory(std::int64_t memory_mb, std::size_t partitions, std::int64_t held_kbytes,
                      std::size_t new_ones) {
  constexpr std::int64_t kLeastKbytes = 512;
  // Twice as much makes no handler faster by more than runs differ, and a partition that stands
  // still holds twice as much.
  constexpr std::int64_t kMostKbytes = 3'072;
  const std::int64_t all = memory_mb * 1024 * kForQueues / kSevenths;
  std::int64_t share = all / static_cast<std::int64_t>(std::max<std::size_t>(partitions, 1));
  if (new_ones != 0)
    share = std::min(share, (all - held_kbytes) / static_cast<std::int64_t>(new_ones));
  const std::int64_t kbytes = std::clamp(share, kLeastKbytes, kMostKbytes);
  // Several fetches have to fit into the queue, or the fetcher stalls between them.
  const std::int64_t fetch = std::clamp<std::int64_t>(kbytes * 1024 / 8, 64 * 1024, 1024 * 1024);
  return {static_cast<int>(kbytes), static_cast<int>(fetch)};
}

std::int64_t memory_for(std::int64_t queue_kbytes) {
  constexpr std::int64_t kPart = kForQueues * 1024;
  return (queue_kbytes * kSevenths + kPart - 1) / kPart;
}

Consumer::Consumer(const config::Config& config, route::Route& route, Prefetch prefetch,
                   Report report, ReplaysExpected replays_expected)
    : membership_(std::make_unique<Membership>(config, route, prefetch, std::move(report),
                                               std::move(replays_expected))) {}

Consumer::~Consumer() = default;

void Consumer::start() { membership_->start(); }

void Consumer::stop(Leave leave) { membership_->stop(leave); }

void Consumer::abandon() { membership_->abandon(); }

}  // namespace gantry::kafka
