#include "observe/health.hpp"

#include <algorithm>

#include "observe/log.hpp"

namespace gantry::observe {

void Health::report(const std::string& part, bool ready, std::string_view state,
                    std::string_view reason) {
  const std::lock_guard lock(mutex_);
  const auto [entry, is_new] = parts_.try_emplace(part);
  PartState& known = entry->second;
  const bool moved = is_new || known.ready != ready || known.state != state;
  if (!moved && known.reason == reason) return;
  // A new reason for the same state does not restart its clock: an outage is as old as its
  // beginning.
  if (moved) known.since = std::chrono::system_clock::now();
  known.ready = ready;
  known.state = state;
  known.reason = reason;
  // Under the lock, so that the lines stand in the order of the changes.
  if (reason.empty()) {
    log::write(ready ? log::Level::info : log::Level::warning, "health",
               ready ? "part is ready" : "part is not ready", {{"part", part}, {"state", state}});
  } else {
    log::write(ready ? log::Level::info : log::Level::warning, "health",
               ready ? "part is ready" : "part is not ready",
               {{"part", part}, {"state", state}, {"reason", reason}});
  }
}

void Health::forget(const std::string& part) {
  const std::lock_guard lock(mutex_);
  parts_.erase(part);
}

std::map<std::string, PartState> Health::snapshot() const {
  const std::lock_guard lock(mutex_);
  return parts_;
}

bool Health::ready() const {
  const std::lock_guard lock(mutex_);
  return std::all_of(parts_.begin(), parts_.end(),
                     [](const auto& part) { return part.second.ready; });
}

}  // namespace gantry::observe
