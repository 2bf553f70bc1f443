// One partition a route has been assigned: its frontier, and how much of it is in the route's
// hands. Kept for the route's lifetime, since deliveries of an earlier assignment may still point
// here. Guarded by the route's mutex.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <utility>

#include "route/dispatch/frontier.hpp"
#include "route/dispatch/settle_order.hpp"
#include "route/journal/quarantine.hpp"
#include "route/message/delivery.hpp"

namespace gantry::route {

struct Partition {
  Partition(std::string t, std::int32_t n) : topic(std::move(t)), number(n) {}

  const std::string topic;
  const std::int32_t number;
  bool replays = false;  // of the route's replay topic: its records are those that they were before
  bool assigned = false;
  std::uint32_t epoch = 0;  // counts assignments: a verdict from an earlier one is dropped
  Frontier frontier;
  SettleOrder settle_order;
  Frontier::Offset start = -1;  // what was committed when it was assigned; -1: nothing, or unknown
  Frontier::Offset committed = -1;      // last offset handed out for commit in this assignment
  std::uint64_t committed_settled = 0;  // and how many were settled then, below it and above
  std::uint32_t journal_topic = 0;      // its topic's number in the crash journal
  std::deque<AwaitedSuspect> suspects;  // that have not come yet; ascending
  // The newest messages in order of arrival. What is pushed out of it and still unsettled is
  // copied, so that a message that stays long never keeps a whole fetch buffer alive.
  struct Recent {
    Delivery* delivery;
    Frontier::Sequence sequence;
    std::uint32_t epoch;
    std::uint32_t bytes;
  };
  std::deque<Recent> recent;
  std::uint64_t recent_bytes = 0;
  std::uint64_t held = 0;  // unsettled messages that still hold client memory
  std::uint64_t held_bytes = 0;
  std::uint64_t copied_bytes = 0;  // unsettled messages that were copied, parked ones above all

  // The route's own memory for it: what parked_max_bytes bounds. Left out are the window's bits.
  std::uint64_t kept_bytes() const {
    return copied_bytes + settle_order.bytes() + frontier.bytes();
  }
};

// As the crash journal notes it: where it will be read again, which of a replayed record is not
// where the message says that it was.
inline journal::Record record_of(const Delivery& delivery) {
  return {.offset = delivery.log_offset,
          .timestamp_ms = delivery.message.timestamp_ms,
          .partition = delivery.partition->number,
          .topic = delivery.partition->journal_topic};
}

}  // namespace gantry::route
