// The last failures of a route, for people who ask what is wrong with it. Guarded by the route's
// mutex.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>

#include "route/message/outcome.hpp"
#include "route/message/time.hpp"

namespace gantry::route {

struct RecentError {
  Time at{};                 // the last time
  std::uint64_t times = 1;   // one behind the other with the same verdict and reason
  std::string_view verdict;  // "retry", "reject", "unavailable", "timeout"
  std::string reason;        // the handler's
  std::string error_class;
  std::string topic;  // of the last message
  std::int32_t partition = -1;
  std::int64_t offset = -1;
};

class RecentErrors {
 public:
  static constexpr std::size_t kMost = 5;

  void note(const Delivery& delivery, std::string_view verdict, const Outcome& outcome, Time now);
  const std::deque<RecentError>& newest_first() const { return errors_; }

 private:
  std::deque<RecentError> errors_;
};

}  // namespace gantry::route
