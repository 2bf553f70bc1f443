// What lanes and others ask of a route, and its beginning. Its end is in stopping.cpp.
#include "route/route.hpp"

#include <random>

#include "route/thread_name.hpp"

namespace gantry::route {

Route::Route(RouteParts parts)
    : parts_(std::move(parts)),
      dispatcher_(parts_.config, parts_.traits, std::random_device{}(),
                  parts_.traits.may_pend && !parts_.journal.hands.empty()
                      ? parts_.journal.hands.front()
                      : JournalHand{}),
      // A slot belongs to one instance, but which is not kept: the others do not know it and ignore
      // it.
      canceller_([this](gantry_slot slot) {
        for (auto& lane : lanes_) lane->instance().cancel(slot);
      }) {
  if (parts_.quarantine != nullptr) parts_.quarantine->join(*this);
}

Route::~Route() {
  if (parts_.quarantine != nullptr) parts_.quarantine->leave(*this);  // one that never started
}

void Route::add_lane(std::unique_ptr<HandlerInstance> instance) {
  const auto& hands = parts_.journal.hands;
  const std::size_t hand = parts_.traits.may_pend ? 0 : lanes_.size();
  lanes_.push_back(std::make_unique<Lane>(
      std::move(instance), parts_.traits, static_cast<Lane::Work&>(*this),
      call_times_.emplace_back(), hand < hands.size() ? hands[hand] : JournalHand{}));
}

void Route::start() {
  report();
  for (auto& lane : lanes_) lane->start(parts_.config.name);
  canceller_.start();
  clock_ = std::thread{&Route::run_clock, this};
  name_thread(clock_, "clock", parts_.config.name);
}

bool Route::exchange(Lane& lane, Claim& claim, const Outcome& rest) {
  Effects effects;
  Lock lock{mutex_};
  if (!claim.empty()) {
    dispatcher_.settle(claim, rest, Clock::now(), effects);
    claim.clear();
    after_settle();
  }
  while (!stopping_) {
    if (may_pull(lane)) {
      pull(lane.batch(), lock, effects);
      if (stopping_) break;  // all were woken meanwhile
    }
    const bool taken = !comes_too_early(lane) && take(lane, claim);
    if (taken || !effects.empty()) {
      lock.unlock();
      apply(effects);
      if (taken) return true;
      effects = {};
      lock.lock();
      continue;
    }
    wait_to_be_woken(lane, lock);
  }
  lock.unlock();
  apply(effects);
  lock.lock();
  ++ended_lanes_;
  changed_.notify_all();
  return false;
}

void Route::after_settle() {
  const auto due = dispatcher_.next_due();
  if (due && *due < clock_sleeps_until_) {
    clock_sleeps_until_ = Time::min();
    wake_clock();
  }
  if (dispatcher_.idle()) changed_.notify_all();
  if (waits_for_room_ && dispatcher_.has_room()) {
    waits_for_room_ = false;
    records_ = true;
  }
}

void Route::apply(Effects& effects) {
  if (!effects.succeeded.empty()) parts_.succeeded(effects.succeeded);
  for (void* fetched : effects.released) parts_.release(fetched);
  for (DeadLetterJob& job : effects.dead_letters) send(std::move(job));
  for (const std::uint32_t suspect : effects.cleared) parts_.quarantine->clear(suspect);
  if (effects.recall) recall();
  if (effects.records) send_records();
  canceller_.add(effects.cancelled);
}

void Route::send(DeadLetterJob job) {
  auto shared = std::make_shared<DeadLetterJob>(std::move(job));
  parts_.send_dead_letter(*shared, [this, shared](bool acknowledged, std::string error) {
    ++being_told_;
    Effects effects;
    {
      const Lock lock{mutex_};
      dispatcher_.dead_letter_done(std::move(*shared), acknowledged, std::move(error), Clock::now(),
                                   effects);
      after_settle();
      wake_lane();
    }
    apply(effects);
    wake_clock();
    --being_told_;  // last: from here on this may be destroyed
  });
}

std::vector<Offset> Route::committable() {
  const Lock lock{mutex_};
  return dispatcher_.committable();
}

std::vector<Offset> Route::positions() {
  const Lock lock{mutex_};
  return dispatcher_.positions();
}

std::vector<Gap> Route::take_gaps() {
  const Lock lock{mutex_};
  return dispatcher_.take_gaps();
}

void Route::lost(std::int64_t offsets) {
  const Lock lock{mutex_};
  dispatcher_.counts().lost_offsets += static_cast<std::uint64_t>(offsets);
}

void Route::commit_failed() {
  const Lock lock{mutex_};
  dispatcher_.forget_committed();
  ++dispatcher_.counts().commit_failures;
}

}  // namespace gantry::route
