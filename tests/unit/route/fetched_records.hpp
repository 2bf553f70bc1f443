// Records as a client library holds them: the bytes of each live in memory of their own that dies
// with its release, so that a sanitizer sees who reads too late and a count sees who leaks. Any
// thread.
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_set>

#include "route/message/delivery.hpp"

namespace gantry::route {

class FetchedRecords {
 public:
  ~FetchedRecords();

  // Fills an empty delivery, as a partition queue does. key nullopt: Kafka's null.
  void fill(Delivery& into, const std::string& topic, std::int32_t partition, std::int64_t offset,
            std::optional<std::string> key, std::size_t value_size = 8);
  void release(void* fetched);  // a failure of the test when it is not held
  std::size_t held() const;

 private:
  struct Record {
    std::string topic;  // as a partition queue that does not outlive its assignment
    std::string key;
    std::string value;
    std::string header;
  };

  mutable std::mutex mutex_;
  std::unordered_set<void*> held_;
};

}  // namespace gantry::route
