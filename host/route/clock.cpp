// The clock of a route: a thread that keeps the time for everything that is due, renews the lease,
// and watches over handlers that do not return.
#include <algorithm>
#include <utility>

#include "observe/log.hpp"
#include "route/route.hpp"

namespace gantry::route {
namespace {

constexpr Milliseconds kWatchEvery{100};
constexpr Milliseconds kTurnEvery{2};  // while others wait for its suspects
// A claim's rest goes to other lanes when one call takes this long.
constexpr Milliseconds kTakeBackAfter{50};

}  // namespace

void Route::run_clock() {
  while (!clock_ends_) {
    renew_lease();
    const Time now = Clock::now();
    Effects effects;
    {
      Lock lock{mutex_};
      const auto due = dispatcher_.next_due();
      if (due && *due <= now) {
        dispatcher_.tick(now, effects);
        wake_lane();
      }
      refuse_what_comes(lock, effects);
    }
    apply(effects);
    if (now >= next_watch_) watch(now);
    mind_turn();
    wait_for_what_is_due(now);
  }
}

void Route::renew_lease() {
  if (lease_.renew()) return;
  log::warning("route",
               "the process stood still; nothing more is begun before the brokers have confirmed "
               "the assignment",
               {{"route", parts_.config.name}});
}

void Route::grant_lease() {
  const Lock lock{mutex_};
  lease_.grant();
  wake_all_lanes();
}

void Route::wait_for_what_is_due(Time now) {
  Time until = now + (turn_ == Turn::none ? kWatchEvery : kTurnEvery);
  {
    const Lock lock{mutex_};
    if (const auto due = dispatcher_.next_due()) until = std::min(until, *due);
    clock_sleeps_until_ = until;
  }
  Lock lock{clock_mutex_};
  clock_wake_.wait_until(lock, until, [this] { return clock_asked_; });
  clock_asked_ = false;
}

void Route::wake_clock() {
  {
    const std::lock_guard lock{clock_mutex_};
    clock_asked_ = true;
  }
  clock_wake_.notify_one();
}

void Route::watch(Time now) {
  next_watch_ = now + kWatchEvery;
  std::vector<std::vector<gantry_slot>> overdue;
  Effects effects;
  {
    const Lock lock{mutex_};
    // Also unasked: a word that a client has missed to say would hold a partition up for good.
    records_ = true;
    wake_waiting_lane();
    stuck_.clear();
    for (auto& lane : lanes_) {
      const auto in_call = lane->in_call(now);
      if (in_call >= kTakeBackAfter && !lane->claim().empty()) {
        const std::size_t begun = lane->steal(lane->claim().size());
        dispatcher_.give_back(lane->claim(), begun, effects);
        expect_back(*lane, false);
        wake_lane();
      }
      const bool stuck = parts_.config.handler_deadline > Milliseconds{0} &&
                         in_call >= parts_.config.handler_deadline;
      if (stuck)
        stuck_ = "a handler has not returned since its deadline; its key and lane wait for it";
      if (stuck && !std::exchange(lane->reported_stuck, true))
        overdue.push_back(lane->slots_in_call());
      if (!stuck) lane->reported_stuck = false;
    }
  }
  apply(effects);
  for (const auto& slots : overdue) {
    log::warning("route", "a handler is past its deadline and has not returned",
                 {{"route", parts_.config.name},
                  {"deadline_ms", parts_.config.handler_deadline.count()},
                  {"messages", slots.size()}});
    canceller_.add(slots);
  }
  report();
}

void Route::report() {
  const std::lock_guard reporting{report_mutex_};
  Dispatcher::Status status;
  std::size_t partitions = 0;
  std::string stuck;
  bool assigned = false;
  {
    const Lock lock{mutex_};
    status = dispatcher_.status();
    partitions = status.partitions;
    assigned = assigned_;
    stuck = stuck_;
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

}  // namespace gantry::route
