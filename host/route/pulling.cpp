// How records get into a route: a lane that has nothing to do takes them out of the partition
// queues itself. So a record, from the client's queue to its settlement, mostly stays with one
// core, and what no lane has room for stays in the client, which is the back-pressure.
#include <algorithm>
#include <span>
#include <utility>

#include "route/route.hpp"

namespace gantry::route {
namespace {

constexpr std::size_t kPull = 256;  // records a queue at once: one hold of the mutex

}  // namespace

// Called under the queue's own lock in librdkafka; nothing asks for that one under the mutex.
void Route::wake() {
  records_ = true;
  // A lane that does not wait looks before it does.
  if (waiting_lanes_ == 0 || expected_lanes_ != 0) return;
  const Lock lock{mutex_};
  wake_lane();
}

// Under the mutex. A lane whose handler takes no longer than it takes to hand a record to another
// core is expected back at once: it looks for records then, and nobody is woken for them.
void Route::expect_back(Lane& lane, bool expected) {
  if (std::exchange(lane.expected, expected) == expected) return;
  expected ? ++expected_lanes_ : --expected_lanes_;
}

// Under the mutex, which it lets go meanwhile.
void Route::wait_to_be_woken(Lane& lane, Lock& lock) {
  expect_back(lane, false);
  waiting_.push_back(&lane);
  waiting_lanes_ = waiting_.size();
  if (waiting_.size() == lanes_.size()) changed_.notify_all();
  if (may_pull(lane)) wake_lane();  // itself: wake() may have seen that it did not wait
  lane.wake.wait(lock, [&lane] { return lane.woken; });
  lane.woken = false;
}

// Under the mutex: the one that has waited for the shortest time, since what it needs is still in
// the caches of its core.
void Route::wake_lane() {
  if (waiting_.empty()) return;
  Lane& lane = *waiting_.back();
  waiting_.pop_back();
  waiting_lanes_ = waiting_.size();
  expect_back(lane, lane.quick());
  lane.woken = true;
  lane.wake.notify_one();
}

void Route::wake_all_lanes() {
  while (!waiting_.empty()) wake_lane();
}

// Under the mutex: where there is something left for one of those that wait.
void Route::wake_waiting_lane() {
  if (waiting_lanes_ == 0 || expected_lanes_ != 0) return;
  if (dispatcher_.ready_count() != 0 || records_) wake_lane();
}

bool Route::may_pull(const Lane& lane) const {
  return records_ && !pulling_ && dispatcher_.wants_records(lane.batch());
}

// Another lane is at the queues and has not brought a batch yet: two would share it. That one wakes
// this one for what it leaves.
bool Route::comes_too_early(const Lane& lane) const {
  return pulling_ && lane.batch() > 1 && dispatcher_.wants_records(lane.batch());
}

// Lets the mutex go meanwhile.
void Route::pull(std::size_t batch, Lock& lock, Effects& effects) {
  pulling_ = true;
  records_ = false;  // of those that come from here on it is told again
  lock.unlock();
  apply(effects);
  effects = {};
  const bool left = pull_at_most(std::max(batch, kPull));
  lock.lock();
  pulling_ = false;
  if (left) records_ = true;
}

// Where all lanes are in a call while a dependency is down, nobody else tells those that ask now.
void Route::refuse_what_comes(Lock& lock, Effects& effects) {
  if (!waiting_.empty()) return;
  while (records_ && !pulling_ && waiting_.empty() && dispatcher_.refuses()) pull(1, lock, effects);
  wake_waiting_lane();  // one may have left this to the clock, and the dependency may be back
}

// At most so many, of each queue in turn. Whether some may be left.
bool Route::pull_at_most(std::size_t most) {
  const std::lock_guard passing{queues_mutex_};
  std::size_t empty = 0;  // in a row
  while (most != 0 && empty < sources_.size()) {
    if (next_source_ >= sources_.size()) next_source_ = 0;
    const std::size_t asked = std::min(most, kPull);
    const std::size_t got = pull(sources_[next_source_], asked);
    most -= got;
    empty = got < asked ? empty + 1 : 0;
    ++next_source_;
  }
  return empty < sources_.size();
}

// How many came; less than `most` where the queue is empty or there is no room for more.
std::size_t Route::pull(const Source& source, std::size_t most) {
  {
    const Lock lock{mutex_};
    if (!dispatcher_.wants(*source.partition)) {
      waits_for_room_ = true;
      return 0;
    }
    while (spare_.size() < most) spare_.push_back(dispatcher_.acquire());
  }
  const std::size_t count = source.queue->take(std::span{spare_}.first(most));
  if (const std::string_view why = source.queue->ended(); count < most && !why.empty()) {
    const Lock lock{mutex_};
    ended_queue_ = why;
  }
  if (count == 0) return 0;
  Effects effects;
  {
    const Lock lock{mutex_};
    dispatcher_.offer(source.partition, std::span{spare_}.first(count), effects);
  }
  spare_.erase(spare_.begin(), spare_.begin() + static_cast<std::ptrdiff_t>(count));
  apply(effects);
  return count;
}

}  // namespace gantry::route
