// What a route counts of itself from its start on, for metrics and for people. Plain numbers: they
// change under the route's mutex, which is held there anyway.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "route/message/dead_letter.hpp"

namespace gantry::route {

struct Counts {
  // Messages by what their handler said. A failure that a batch shares convicts nobody and is not
  // counted; its halves are.
  std::uint64_t ok = 0, retry = 0, reject = 0, unavailable = 0, timeout = 0;
  std::uint64_t retries = 0;  // failures after which the message waits for another attempt
  std::uint64_t settled = 0;  // messages that are through, whatever became of them
  std::array<std::uint64_t, kDeadLetterCauses> dead_letters{};  // taken; by cause
  std::uint64_t dead_letter_failures = 0;                       // not taken; they are sent again
  std::uint64_t published = 0;                                  // records that outputs took
  std::uint64_t publish_failures = 0;                           // not taken; they are sent again
  std::uint64_t rebalances = 0;                                 // assignments
  std::uint64_t commit_failures = 0;
  std::uint64_t lost_offsets = 0;  // removed before this group has read them
};

}  // namespace gantry::route
