// Reads what a topic holds now, in whole or in part, without a consumer group and without
// committing anything: for commands, never for routes. Owned by the command; each call blocks its
// caller's thread until it has read to the end.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "config/model.hpp"
#include "kafka/admin.hpp"
#include "route/message/publisher.hpp"

namespace gantry::kafka {

struct StoredRecord {
  route::OutRecord record;
  std::int64_t offset = 0;
};

struct OffsetRange {
  std::int64_t begin = 0;
  std::int64_t end = 0;  // one past the last
};
using Extent = std::map<std::int32_t, OffsetRange>;  // by partition

class TopicReader {
 public:
  using Timeout = std::chrono::milliseconds;
  using Take = std::function<bool(StoredRecord&&)>;  // false: enough

  // Of [kafka]. std::runtime_error when librdkafka does not take a property. Does not wait for
  // brokers.
  explicit TopicReader(const config::Config& config);
  ~TopicReader();
  TopicReader(const TopicReader&) = delete;
  TopicReader& operator=(const TopicReader&) = delete;

  // Both throw AdminError when the brokers refuse, or do not answer for the time-out.
  // What is there now; empty: no such topic, or this user may not see it.
  Extent extent(const std::string& topic, Timeout timeout = std::chrono::seconds(10));
  // Committed records only, those of each partition in their order.
  void read(const std::string& topic, const Extent& extent, const Take& take,
            Timeout timeout = std::chrono::seconds(30));

 private:
  class Client;
  std::unique_ptr<Client> client_;
};

}  // namespace gantry::kafka
