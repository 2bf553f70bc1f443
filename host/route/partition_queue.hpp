// The records of one assigned partition that the client has fetched. kafka/ implements it; tests
// fill one by hand. Used by one thread at a time, from assigned() until revoked() has returned.
#pragma once

#include <cstdint>
#include <string>

#include "route/delivery.hpp"

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
  // Fills message, headers, fetched and bytes of an empty delivery with the next record. False:
  // none is there now; never waits. What is not taken stays in the client, which stops fetching:
  // this is the back-pressure.
  virtual bool next(Delivery& into) = 0;
};

}  // namespace gantry::route
