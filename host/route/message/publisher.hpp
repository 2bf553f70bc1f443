// Sending one record and learning what became of it, without Kafka in sight. kafka/producer
// implements it; tests fake it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace gantry::route {

struct OutHeader {
  std::string name;
  std::optional<std::string> value;  // nullopt: Kafka's null
};

struct OutRecord {
  std::string topic;
  std::int32_t partition = -1;     // -1: by key (murmur2_random, as Java does)
  std::optional<std::string> key;  // nullopt: Kafka's null
  std::optional<std::string> value;
  std::vector<OutHeader> headers;
  std::int64_t timestamp_ms = 0;  // 0: now
  // In a batch of its own, so that what becomes of it is nobody else's doing.
  bool alone = false;
};

enum class PublishStatus {
  acknowledged,  // by all in-sync replicas
  refused,       // never will be: MSG_SIZE_TOO_LARGE, INVALID_MSG, INVALID_RECORD
  failed         // not this time: time-out, replicas, authorisation, unknown topic, queue full
};
struct PublishResult {
  PublishStatus status;
  std::string error;  // librdkafka's text; empty when acknowledged
  // failed: the brokers refuse the batch that it was in, perhaps for another record: send it alone.
  bool suspect = false;
  OutRecord* record = nullptr;  // not acknowledged: to be taken back, within `done`
};

class Publisher {
 public:
  virtual ~Publisher() = default;
  // Never blocks. `done` runs exactly once, on the publisher's own thread or within this call; it
  // must not throw.
  virtual void publish(OutRecord record, std::function<void(const PublishResult&)> done) = 0;
  // The largest record that it takes, as wire_size() counts. Any thread.
  virtual std::size_t most_bytes() const { return std::numeric_limits<std::size_t>::max(); }
  // There is nothing more to publish now: what waits for company on its way goes out without it.
  // Never blocks.
  virtual void flush() {}
  // What has not been sent yet comes back as `failed`, all of it and soon; what is on the wire
  // stays there. Never blocks.
  virtual void recall() {}
};

}  // namespace gantry::route
