// How fast a route works, over about the last minute. Pure; counts and time are passed in.
#pragma once

#include <deque>
#include <optional>

#include "route/dispatch/counts.hpp"
#include "route/message/time.hpp"

namespace gantry::service {

struct Rates {
  double seconds = 0;                                       // that they are of
  double ok = 0, failed = 0, unavailable = 0, settled = 0;  // messages a second
};

class RateWindow {
 public:
  static constexpr std::chrono::seconds kLength{60};

  void add(const route::Counts& counts, route::Time now);
  std::optional<Rates> rates() const;  // nullopt: looked at once only

 private:
  struct Sample {
    route::Time at;
    route::Counts counts;
  };
  std::deque<Sample> samples_;  // oldest first
};

}  // namespace gantry::service
