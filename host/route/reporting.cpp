// What a route tells of itself: to health, and in numbers.
#include "route/route.hpp"

namespace gantry::route {

void Route::report() {
  const std::lock_guard reporting{report_mutex_};
  Dispatcher::Status status;
  std::size_t partitions = 0;
  std::string stuck, ended_queue;
  bool assigned = false;
  {
    const Lock lock{mutex_};
    status = dispatcher_.status();
    partitions = status.partitions;
    assigned = assigned_;
    stuck = stuck_;
    ended_queue = ended_queue_;
  }
  if (paused_)
    return parts_.report(
        false, "paused",
        "by `gantry pause`; `gantry resume " + parts_.config.name + "` lets it go on");
  if (!assigned)
    return parts_.report(
        false, "waiting",
        parts_.config.http ? "requests are not taken yet" : "no partitions are assigned yet");
  if (!status.dead_letter_error.empty())
    return parts_.report(false, "holding",
                         "dead letters are not taken: topic \"" + parts_.config.dead_letter.topic +
                             "\": " + status.dead_letter_error);
  if (!status.publish_error.empty())
    return parts_.report(false, "holding",
                         "records for the outputs are not taken: " + status.publish_error);
  if (!ended_queue.empty())
    return parts_.report(false, "holding", "records can't be read: " + ended_queue);
  if (status.availability != Availability::State::open) {
    // Only a request can find out whether the dependency is back, and a balancer sends none to a
    // host that is not ready.
    const bool asks = parts_.config.http && status.availability == Availability::State::due;
    return parts_.report(asks, "unavailable", status.unavailable_reason);
  }
  if (lease_.lapsed())
    return parts_.report(false, "lapsed",
                         "the process stood still; the brokers are asked whether "
                         "its partitions are still its own");
  if (!stuck.empty()) return parts_.report(false, "stuck", stuck);
  if (status.full_partitions != 0)
    return parts_.report(true, "window_full",
                         "a partition has reached window_max_offsets or parked_max_bytes and waits "
                         "for its failing messages");
  parts_.report(true, partitions == 0 ? "standby" : "running", "");
}

Numbers Route::numbers() {
  Numbers numbers;
  for (const CallTimes& times : call_times_) times.add_to(numbers.calls);
  const Lock lock{mutex_};
  dispatcher_.describe(numbers);
  numbers.assigned = assigned_;
  return numbers;
}

}  // namespace gantry::route
