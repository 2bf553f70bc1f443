// A dead letter as people speak of it: where it lies, whose it is, what it was and what happened.
// Told by its headers, whoever wrote them. Plain values and pure functions, any thread.
#pragma once

#include <gantry/abi.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/model.hpp"
#include "kafka/topic_reader.hpp"
#include "route/message/publisher.hpp"

namespace gantry::dlq {

struct LetterId {
  std::string topic;  // the dead-letter topic
  std::int32_t partition = -1;
  std::int64_t offset = -1;

  auto operator<=>(const LetterId&) const = default;
};

// "DLQ-topic:0:15"
std::string to_text(const LetterId& id);
// Also "0:15", of the topic `otherwise`. nullopt: neither.
std::optional<LetterId> parse_letter_id(std::string_view text, const std::string& otherwise);

// The record that it was.
struct Original {
  std::string topic;
  std::int32_t partition = -1;
  std::int64_t offset = -1;        // -1: it was never read, it could not be sent to `topic`
  std::int64_t timestamp_ms = -1;  // -1: not told
};

struct Letter {
  LetterId id;
  std::int64_t time_ms = 0;  // when it became one
  route::OutRecord record;   // as it lies there
  std::string route;         // whose it is; empty: not told, or not without doubt
  std::string group;         // consumer group; empty: not told
  std::string reason = "unknown";
  std::string error;
  std::uint32_t attempts = 0;  // 0: not told
  std::uint32_t replays = 0;
  std::optional<Original> original;

  std::string original_topic() const { return original ? original->topic : ""; }
};

// The route of a letter that does not name one is that of its consumer group; where no group is
// told either, the only one that reads its topic. A group that belongs to no route is another
// application's.
Letter read_letter(kafka::StoredRecord stored, const config::Config& config);

// The headers in the form of gantry/abi.h; they point into the record.
std::vector<gantry_header> views(const route::OutRecord& record);

}  // namespace gantry::dlq
