// Dead letters that come back: the topic they come through, and what their headers tell of the
// records that they were (DESIGN, section 7). Pure functions, any thread.
#pragma once

#include <gantry/abi.h>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "config/model.hpp"
#include "route/message/dead_letter.hpp"

namespace gantry::route {

struct Delivery;

// "gantry.replay.ROUTE": what that route alone reads besides its own topics.
std::string replay_topic(std::string_view route);

// Where a record was before it became a dead letter.
struct Origin {
  std::string_view topic;  // points into the headers
  std::int32_t partition = -1;
  std::int64_t offset = -1;        // -1: it was never read, it could not be sent to `topic`
  std::int64_t timestamp_ms = -1;  // -1: not told
  TimestampType timestamp_type = TimestampType::create_time;
  config::HeaderFamily family{};  // that tells it
  std::size_t header = 0;         // the one that holds `topic`
};

// By the family of headers that was written last, whoever wrote it. nullopt: no family is whole,
// the record is no dead letter.
std::optional<Origin> origin_of(std::span<const gantry_header> headers);

// A record of the replay topic becomes the one that it was, for the handler and for its next dead
// letter: topic, partition, offset and timestamp, which together are its identity to a handler.
// Without an origin it is left as it is.
void restore_original(Delivery& delivery);

}  // namespace gantry::route
