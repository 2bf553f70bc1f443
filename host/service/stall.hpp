// Whether one route stands still although it should not: it has partitions, its lag has grown, or
// was there when it got them, and nothing has settled for a while. Pure; what is seen and the time
// are passed in.
#pragma once

#include <cstdint>

#include "config/model.hpp"
#include "route/message/time.hpp"

namespace gantry::service {

class Stall {
 public:
  struct Seen {
    bool assigned = false;
    std::int64_t lag = 0;  // over all partitions
    std::uint64_t settled = 0;
  };

  // From look to look. True: it is stalled.
  bool look(const Seen& seen, config::Milliseconds after, route::Time now);

  std::int64_t lag_before() const { return before_.lag; }  // when something last settled

 private:
  Seen before_;
  route::Time since_{};
};

}  // namespace gantry::service
