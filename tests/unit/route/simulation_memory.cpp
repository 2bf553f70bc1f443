// What a dispatcher may hold, compared with what it holds after each step.
#include <gtest/gtest.h>

#include "unit/route/simulation.hpp"

namespace gantry::route {
namespace {

constexpr std::uint64_t kMostRecordBytes = 1000;
constexpr std::uint64_t kMostKeyBytes = 20;                              // with the headers
constexpr std::uint64_t kCopyOverhead = sizeof(Delivery) + sizeof(Key);  // beside its bytes

}  // namespace

std::uint64_t Simulation::share() const {
  return static_cast<std::uint64_t>(route_.parked_max_bytes) / logs_.size();
}

// From the oldest record that is not settled to the newest one that was offered, by what became of
// them here and not by the dispatcher's own count.
std::uint64_t Simulation::window(const Log& log) const {
  for (std::size_t i = 0; i < log.next; ++i) {
    const Record& r = log.records[i];
    // One that was in a handler's hands when the partition came back is done with that.
    const bool done_before = !publishes_ && r.ok && r.done_in == assignment_;
    const bool open = r.offered_in == assignment_ && !settled(r) && !covers(log.skipped, r.offset);
    if (open && !done_before) return log.next - i;
  }
  return 0;
}

// What the dispatcher wants, and whether it may. What it has in the client's memory may all have to
// be copied yet, as when its key is parked: only that and the next record may go beyond the bound.
bool Simulation::has_room(std::int32_t number) {
  Log& log = logs_[number];
  const Partition& partition = *engine_->partitions.at(number);
  const bool full = partition.kept_bytes() >= share();
  const bool at_window = window(log) >= static_cast<std::uint64_t>(route_.window_max_offsets);
  held_for_bytes_ |= full;
  held_for_window_ |= at_window;
  if (!engine_->wants(number)) return false;
  EXPECT_FALSE(full) << partition.kept_bytes() << " bytes, and it wants more";
  log.most_copied = share() + partition.held_bytes + kMostValueBytes + kMostKeyBytes +
                    (partition.held + 1) * kCopyOverhead;
  return true;
}

void Simulation::check() {
  const auto status = engine_->dispatcher.status();
  std::uint64_t held = 0;
  for (const auto& [number, partition] : engine_->partitions) held += partition->held;
  ASSERT_EQ(held, engine_->records.held()) << "fetched messages held, as counted and in truth";
  // One message at a time may go beyond the bound.
  ASSERT_LE(status.record_bytes,
            static_cast<std::uint64_t>(engine_->route.parked_max_bytes) + 2 * kMostRecordBytes);
  for (const auto& [number, log] : logs_) {
    ASSERT_LE(engine_->partitions.at(number)->copied_bytes, log.most_copied)
        << "partition " << number << " holds more copies than its share and what was in flight";
    ASSERT_LE(window(log), static_cast<std::uint64_t>(route_.window_max_offsets))
        << "partition " << number << " was read beyond its window";
  }
  if (traits_.may_pend) {
    ASSERT_LE(status.in_hands, static_cast<std::size_t>(engine_->route.max_pending));
    ASSERT_EQ(held, 0u) << "messages of a handler that may pend are copies";
  }
}

}  // namespace gantry::route
