// How a route comes to rest: for a rebalance, a pause and the end.
#include <algorithm>

#include "observe/log.hpp"
#include "route/route.hpp"

namespace gantry::route {

std::vector<Offset> Route::drain(Milliseconds timeout) {
  halted_ = true;
  Lock lock{mutex_};
  dispatcher_.set_draining(true);
  const Time deadline = std::min(Clock::now() + timeout, last_deadline_);
  if (!changed_.wait_until(lock, deadline, [this] { return dispatcher_.idle(); }))
    log::warning("route", "not all messages settled before drain_timeout_ms; they will come again",
                 {{"route", parts_.config.name}, {"messages", dispatcher_.status().in_hands}});
  return dispatcher_.committable();
}

void Route::quiesce(Milliseconds timeout) {
  const Time deadline = Clock::now() + timeout;
  halted_ = true;
  quiescing_ = true;
  {
    Lock lock{mutex_};
    dispatcher_.set_draining(true);
    last_deadline_ = deadline;
    // The plugin's drain() never runs beside its handle().
    const auto quiet = [this] { return waiting_lanes_ == lanes_.size(); };
    if (!changed_.wait_until(lock, deadline, quiet)) {
      quiescing_ = false;
      return;
    }
  }
  for (auto& lane : lanes_) {
    const auto left = std::chrono::duration_cast<Milliseconds>(deadline - Clock::now());
    if (left > Milliseconds{0}) lane->instance().drain(left);
  }
  quiescing_ = false;
}

bool Route::pause(Milliseconds timeout) {
  paused_ = true;  // what lanes have taken and not begun comes back
  bool idle = false;
  {
    Lock lock{mutex_};
    dispatcher_.set_paused(true);
    idle = changed_.wait_for(lock, timeout, [this] { return dispatcher_.idle(); });
  }
  report();
  return idle;
}

void Route::resume() {
  paused_ = false;
  {
    const Lock lock{mutex_};
    dispatcher_.set_paused(false);
    wake_all_lanes();
  }
  report();
}

bool Route::forgotten() {
  const Lock lock{mutex_};
  return dispatcher_.idle() && being_told_ == 0;
}

bool Route::stop(Milliseconds timeout) {
  const Time deadline = Clock::now() + timeout;
  const bool started = clock_.joinable();
  halted_ = true;
  clock_ends_ = true;
  wake_clock();
  if (started) clock_.join();
  if (parts_.quarantine != nullptr) parts_.quarantine->leave(*this);
  bool ended = !started;
  if (started) {
    Lock lock{mutex_};
    stopping_ = true;
    wake_all_lanes();
    ended = changed_.wait_until(lock, deadline, [this] { return ended_lanes_ == lanes_.size(); }) &&
            dispatcher_.status().pending == 0;
  }
  if (!ended || quiescing_ || !canceller_.stop(deadline)) {
    for (auto& lane : lanes_) lane->abandon();
    canceller_.abandon();
    log::error("route",
               "a handler does not return; it is left alone and the process will end without it",
               {{"route", parts_.config.name}});
    return false;
  }
  if (started)
    for (auto& lane : lanes_) lane->join();
  lanes_.clear();  // destroys the instances
  parts_.report(false, "stopped", "");
  return true;
}

}  // namespace gantry::route
