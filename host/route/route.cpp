// What lanes and others ask of a route, its beginning and its end.
#include "route/route.hpp"

#include <algorithm>
#include <random>

#include "observe/log.hpp"
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

Route::~Route() = default;

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

bool Route::settle(gantry_slot slot, const gantry_outcome& outcome) {
  const bool final = outcome.verdict >= GANTRY_OK && outcome.verdict < GANTRY_PENDING;
  bool accepted = false;
  if (final && (parts_.traits.may_pend || !Lane::settle_in_call(this, slot, outcome, accepted)) &&
      parts_.traits.may_pend) {
    Effects effects;
    {
      const Lock lock{mutex_};
      accepted = dispatcher_.settle_slot(slot, outcome, Clock::now(), effects);
      after_settle();
      wake_waiting_lane();
    }
    apply(effects);
  }
  return accepted;
}

bool Route::read_headers(gantry_slot slot, const ReadHeaders& read) {
  return with_unsettled(slot, [&](Delivery& delivery) {
    route::read_headers(delivery);
    read({delivery.headers.data(), delivery.headers.size()});
  });
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
