// A route's part in the quarantine: it hands out nothing while another one has a suspect handled
// alone, and asks for the turn when it has one itself.
#include <algorithm>

#include "observe/log.hpp"
#include "route/route.hpp"

namespace gantry::route {

// Whether the lane's handler keeps a message for longer than it may: nobody waits for it.
bool Route::overdue(const Lane& lane, Time now) const {
  return lane.in_call(now) >= parts_.config.handler_deadline + parts_.config.cancel_grace;
}

Hands Route::hands() {
  const Lock lock{mutex_};
  return hands(Clock::now());
}

// Under the mutex.
Hands Route::hands(Time now) const {
  std::size_t kept = 0;
  for (const auto& lane : lanes_)
    if (overdue(*lane, now)) kept += lane->claim().size();
  if (dispatcher_.in_hands() > kept) return Hands::busy;
  return kept + dispatcher_.abandoned() == 0 ? Hands::empty : Hands::kept;
}

void Route::turn_over() {
  const Lock lock{mutex_};
  wake_all_lanes();
}

bool Route::take(Lane& lane, Claim& claim) {
  if (!lease_.valid()) return false;
  if (parts_.quarantine != nullptr && parts_.quarantine->closed_to(*this)) return false;
  if (!dispatcher_.take(claim, lane.limit())) {
    if (turn_ == Turn::none && dispatcher_.wants_turn()) wake_clock();
    return false;
  }
  lane.begin();
  expect_back(lane, lane.quick());
  wake_waiting_lane();
  return true;
}

// Under the mutex. A turn is of use where a lane is left that can take the suspect.
bool Route::wants_turn(Time now) const {
  return dispatcher_.wants_turn() &&
         std::ranges::any_of(lanes_, [&](const auto& lane) { return !overdue(*lane, now); });
}

// Of the clock's thread, again and again.
void Route::mind_turn() {
  Quarantine* const quarantine = parts_.quarantine;
  if (quarantine == nullptr) return;
  bool wants = false;
  bool busy = false;
  {
    const Lock lock{mutex_};
    const Time now = Clock::now();
    wants = wants_turn(now);
    busy = hands(now) == Hands::busy;
  }
  switch (turn_) {
    case Turn::none:
      if (wants && quarantine->ask(*this)) enter_turn(Turn::waits, Dispatcher::Handing::nothing);
      return;
    case Turn::waits: {
      const Hands all = quarantine->hands();
      if (wants && all == Hands::busy) return;
      if (!wants) break;
      log::info("route", "messages that may have crashed the process are handled alone",
                {{"route", parts_.config.name}, {"strictly", all == Hands::empty}});
      quarantine->strictly_alone(all == Hands::empty);
      return enter_turn(Turn::alone, Dispatcher::Handing::suspects);
    }
    case Turn::alone:
      if (wants || busy) return;
  }
  enter_turn(Turn::none, Dispatcher::Handing::all);
  quarantine->release(*this);
}

void Route::enter_turn(Turn turn, Dispatcher::Handing handing) {
  const Lock lock{mutex_};
  dispatcher_.set_handing(handing);
  turn_ = turn;
  wake_all_lanes();
}

}  // namespace gantry::route
