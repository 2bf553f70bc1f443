// A route's part in the quarantine: it hands out nothing while another one has a suspect handled
// alone, and asks for the turn when it has one itself.
#include <algorithm>

#include "observe/log.hpp"
#include "route/route.hpp"

namespace gantry::route {
namespace {

// After a turn in which somebody kept a message too long.
constexpr Milliseconds kFirstTurnPause{60'000};
constexpr Milliseconds kLastTurnPause{3'600'000};

}  // namespace

bool Route::in_hands() {
  const Lock lock{mutex_};
  return dispatcher_.in_hands() != 0;
}

void Route::turn_over() {
  const Lock lock{mutex_};
  lanes_wake_.notify_all();
}

Milliseconds Route::longest_call() const {
  return parts_.config.handler_deadline + parts_.config.cancel_grace;
}

bool Route::take(Lane& lane, Claim& claim) {
  Quarantine* const quarantine = parts_.quarantine;
  if (quarantine != nullptr && quarantine->closed_to(*this)) return false;
  if (!dispatcher_.take(claim, lane.limit())) {
    if (turn_ == Turn::none && dispatcher_.wants_turn()) wake();
    return false;
  }
  if (turn_ == Turn::alone) {
    turn_step_ = Clock::now();
    quarantine->alone(claim.deliveries.front()->suspect - 1, alone_strictly_);
  }
  lane.begin();
  return true;
}

// Of the source thread, again and again. A handler that keeps a message for longer than it may is
// not waited for: neither before the turn nor in it; and since all routes stand still meanwhile,
// the next turn is far off then.
void Route::mind_turn(Time now) {
  if (parts_.quarantine == nullptr) return;
  bool wants = false;
  bool busy = false;
  Time since{};
  {
    const Lock lock{mutex_};
    wants = dispatcher_.wants_turn();
    busy = dispatcher_.in_hands() != 0;
    since = turn_step_;
  }
  if (turn_ == Turn::none) {
    if (wants && now >= next_turn_ && parts_.quarantine->ask(*this))
      enter_turn(Turn::waits, Dispatcher::Handing::nothing, now);
    return;
  }
  const bool in_time = now < since + parts_.quarantine->longest_call();
  if (turn_ == Turn::waits && wants) {
    const bool quiet = parts_.quarantine->all_quiet();
    if (!quiet && in_time) return;
    log::info("route", "messages that may have crashed the process are handled alone",
              {{"route", parts_.config.name}, {"strictly", quiet}});
    alone_strictly_ = quiet;
    enter_turn(Turn::alone, Dispatcher::Handing::suspects, now);
  } else if (turn_ == Turn::waits || (!wants && !busy) || !in_time) {
    turn_pause_ =
        in_time ? Milliseconds{0} : std::clamp(2 * turn_pause_, kFirstTurnPause, kLastTurnPause);
    next_turn_ = now + turn_pause_;
    enter_turn(Turn::none, Dispatcher::Handing::all, now);
    parts_.quarantine->release(*this);
  }
}

void Route::enter_turn(Turn turn, Dispatcher::Handing handing, Time now) {
  const Lock lock{mutex_};
  dispatcher_.set_handing(handing);
  turn_ = turn;
  turn_step_ = now;
  lanes_wake_.notify_all();
}

}  // namespace gantry::route
