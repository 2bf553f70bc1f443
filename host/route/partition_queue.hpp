// The records of one assigned partition that the client has fetched. kafka/ implements it; tests
// fill one by hand. Used by one thread at a time, from assigned() until revoked() has returned.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "route/message/delivery.hpp"

namespace gantry::route {

// What the consumer group has committed of a partition when it is assigned.
struct Committed {
  std::int64_t offset = -1;  // -1: nothing, or it is not known
  std::string metadata{};
};

class PartitionQueue {
 public:
  virtual ~PartitionQueue() = default;
  virtual const std::string& topic() const = 0;
  virtual std::int32_t number() const = 0;
  virtual Committed committed() const { return {}; }
  // Fills message, headers, fetched and bytes of empty deliveries with the next records, from the
  // first on. How many: fewer than asked where no more are there now; never waits. What is not
  // taken stays in the client, which stops fetching: this is the back-pressure.
  virtual std::size_t take(std::span<Delivery* const> into) = 0;
  // Why nothing more comes of it although there is more; empty while all is well. As take().
  virtual std::string_view ended() const { return {}; }
};

}  // namespace gantry::route
