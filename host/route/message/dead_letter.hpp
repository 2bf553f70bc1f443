// Makes the dead letter of a message: the original byte for byte, and in added headers what
// happened (DESIGN, section 7). Pure, any thread.
#pragma once

#include <gantry/abi.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/model.hpp"
#include "route/message/publisher.hpp"

namespace gantry::route {

// unavailable: of an HTTP route only, whose clients are told; it never becomes a record.
enum class DeadLetterCause { rejected, exhausted, crashed, send_failed, unavailable };
constexpr std::size_t kDeadLetterCauses = 5;
enum class TimestampType { none, create_time, log_append_time };

struct DeadLetterReason {
  DeadLetterCause cause = DeadLetterCause::rejected;
  std::string route;
  std::string group;        // consumer group
  std::string error;        // for people; cut at 1,000 bytes
  std::string error_class;  // of the outcome; empty: the cause stands in its place
  std::uint32_t attempts = 1;
  TimestampType timestamp_type = TimestampType::create_time;
};

// "rejected", "exhausted", "crashed", "send-failed", "unavailable"
std::string_view cause_name(DeadLetterCause cause);

// Goes to the original's partition where the dead-letter topic has it, else by key. `partitions` is
// how many that topic has; nullopt where that is not known.
OutRecord make_dead_letter(const gantry_message& original, const DeadLetterReason& reason,
                           const config::DeadLetter& dead_letter,
                           std::optional<std::int32_t> partitions);

// Of a record that the brokers refuse for good: as if it stood in its topic, where it has neither
// partition nor offset.
OutRecord make_dead_letter(const OutRecord& refused, std::int64_t timestamp_ms,
                           const DeadLetterReason& reason, const config::DeadLetter& dead_letter);

// gantry.replays: how often a record was replayed; 0 where there is no such number.
std::uint32_t replays_of(const std::vector<OutHeader>& headers);
// Once more: for the copy that is replayed.
void count_replay(std::vector<OutHeader>& headers);

// Takes what the host has added to a dead letter off again. What stands before it is the
// original's own, also where it looks the same.
void strip_own(std::vector<OutHeader>& headers);

}  // namespace gantry::route
