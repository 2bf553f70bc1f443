// What state each part of the host is in, for /readyz, /routes and the log. Parts report; anybody
// reads. Any thread.
#pragma once

#include <chrono>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

namespace gantry::observe {

struct PartState {
  bool ready = false;
  std::string state;   // "running", "waiting", "unavailable", "holding", "stopped"
  std::string reason;  // what it waits for and what to do; empty when all is well
  std::chrono::system_clock::time_point since;
};

// A part is "kafka", "route:NAME", "database:NAME". A change of state or reason is one log line;
// the same again is none.
class Health {
 public:
  void report(const std::string& part, bool ready, std::string_view state,
              std::string_view reason = {});
  void forget(const std::string& part);
  std::map<std::string, PartState> snapshot() const;
  bool ready() const;  // every part is; true when there are none

 private:
  mutable std::mutex mutex_;
  std::map<std::string, PartState> parts_;
};

}  // namespace gantry::observe
