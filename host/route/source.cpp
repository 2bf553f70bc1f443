// The source thread of a route: brings records from the partition queues to the dispatcher, keeps
// the time for everything that is due, and watches over handlers that do not return.
#include <algorithm>
#include <span>

#include "observe/log.hpp"
#include "route/route.hpp"

namespace gantry::route {
namespace {

constexpr std::size_t kPull = 256;  // records a pass and partition: one hold of the mutex
constexpr Milliseconds kWatchEvery{100};
constexpr Milliseconds kTurnEvery{2};  // while others wait for its suspects
// A claim's rest goes to other lanes when one call takes this long.
constexpr Milliseconds kTakeBackAfter{50};

}  // namespace

void Route::assigned(std::vector<std::unique_ptr<PartitionQueue>> queues) {
  std::vector<Start> starts;
  starts.reserve(queues.size());
  for (const auto& queue : queues) starts.push_back(start_of(*queue));
  inherited_.clear();
  const std::scoped_lock both{queues_mutex_, mutex_};
  for (std::size_t i = 0; i < queues.size(); ++i) {
    Partition* partition =
        dispatcher_.assign(queues[i]->topic(), queues[i]->number(), std::move(starts[i]));
    sources_.push_back({std::move(queues[i]), partition});
  }
  assigned_ = true;
  ++dispatcher_.counts().rebalances;
  lease_.grant();
  const bool quiescing = last_deadline_ != Time::max();  // then nothing starts any more
  dispatcher_.set_draining(quiescing);
  halted_ = quiescing;
  lanes_wake_.notify_all();
  wake();
}

Start Route::start_of(const PartitionQueue& queue) const {
  Start start{.committed = queue.committed().offset, .settled = settled_before(queue)};
  if (const auto topic = parts_.journal.topics.find(queue.topic());
      topic != parts_.journal.topics.end()) {
    start.journal_topic = topic->second;
    start.suspects = parts_.quarantine->awaited(parts_.config.group, queue.topic(), queue.number());
    // Settled by the last run, which had no time to say so.
    std::erase_if(start.suspects, [&](const AwaitedSuspect& suspect) {
      const bool settled = suspect.offset < start.committed;
      if (settled) parts_.quarantine->clear(suspect.number);
      return settled;
    });
  }
  return start;
}

OffsetRanges Route::settled_before(const PartitionQueue& queue) const {
  const Committed committed = queue.committed();
  auto [ranges, problem] =
      decode_settled({queue.topic(), queue.number(), committed.offset}, committed.metadata);
  if (!problem.empty())
    log::warning("route", "the metadata of a committed offset is ignored",
                 {{"route", parts_.config.name},
                  {"topic", queue.topic()},
                  {"partition", queue.number()},
                  {"offset", committed.offset},
                  {"reason", problem}});
  // What stands below the offset that the other one would have committed is settled, too.
  for (const Offset& left : inherited_)
    if (left.topic == queue.topic() && left.partition == queue.number())
      ranges = unite(unite(std::move(ranges), left.settled),
                     {{std::max<std::int64_t>(committed.offset, 0), left.offset}});
  std::int64_t offsets = 0;
  for (const OffsetRange& range : ranges) offsets += range.end - range.begin;
  if (offsets != 0)
    log::info("route", "what was settled above the committed offset is not handled again",
              {{"route", parts_.config.name},
               {"topic", queue.topic()},
               {"partition", queue.number()},
               {"offset", committed.offset},
               {"settled", offsets}});
  return std::move(ranges);
}

void Route::revoked() {
  halted_ = true;  // what lanes have not begun is another consumer's now
  Effects effects;
  std::vector<Source> gone;
  std::vector<gantry_slot> overdue;
  {
    const std::scoped_lock both{queues_mutex_, mutex_};
    for (auto& lane : lanes_) {
      if (lane->claim().empty()) continue;
      dispatcher_.give_back(lane->claim(), lane->steal(lane->claim().size()), effects);
      const auto slots = lane->slots_in_call();
      overdue.insert(overdue.end(), slots.begin(), slots.end());
    }
    if (last_deadline_ != Time::max()) left_ = dispatcher_.settled();
    dispatcher_.revoke_all(effects);
    if (!parts_.traits.may_pend) effects.cancelled = std::move(overdue);
    gone.swap(sources_);
    assigned_ = false;
  }
  apply(effects);
}

void Route::wake() {
  {
    const std::lock_guard lock{wake_mutex_};
    records_ = true;
  }
  source_wake_.notify_one();
}

void Route::run_source() {
  while (!source_ends_) {
    renew_lease();
    const bool moved = pull();
    const Time now = Clock::now();
    Effects effects;
    {
      const Lock lock{mutex_};
      const auto due = dispatcher_.next_due();
      if (due && *due <= now) {
        dispatcher_.tick(now, effects);
        lanes_wake_.notify_one();
      }
    }
    apply(effects);
    if (now >= next_watch_) watch(now);
    mind_turn();
    if (!moved) wait_for_records(now);
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
  lanes_wake_.notify_all();
}

void Route::wait_for_records(Time now) {
  Time until = now + (turn_ == Turn::none ? kWatchEvery : kTurnEvery);
  {
    const Lock lock{mutex_};
    if (const auto due = dispatcher_.next_due()) until = std::min(until, *due);
    source_sleeps_until_ = until;
  }
  Lock lock{wake_mutex_};
  source_wake_.wait_until(lock, until, [this] { return records_; });
  records_ = false;
}

bool Route::pull() {
  const std::lock_guard passing{queues_mutex_};
  bool moved = false;
  for (Source& source : sources_) moved |= pull(*source.queue, source.partition);
  return moved;
}

bool Route::pull(PartitionQueue& queue, Partition* partition) {
  {
    const Lock lock{mutex_};
    if (!dispatcher_.wants(*partition)) {
      source_waits_for_room_ = true;
      return false;
    }
    while (spare_.size() < kPull) spare_.push_back(dispatcher_.acquire());
  }
  std::size_t count = 0;
  while (count < kPull && queue.next(*spare_[count])) ++count;
  if (count == 0) return false;
  Effects effects;
  {
    const Lock lock{mutex_};
    dispatcher_.offer(partition, std::span{spare_}.first(count), effects);
    if (waiting_lanes_ != 0) lanes_wake_.notify_one();
  }
  spare_.erase(spare_.begin(), spare_.begin() + static_cast<std::ptrdiff_t>(count));
  apply(effects);
  return true;
}

void Route::watch(Time now) {
  next_watch_ = now + kWatchEvery;
  std::vector<std::vector<gantry_slot>> overdue;
  Effects effects;
  {
    const Lock lock{mutex_};
    stuck_.clear();
    for (auto& lane : lanes_) {
      const auto in_call = lane->in_call(now);
      if (in_call >= kTakeBackAfter && !lane->claim().empty()) {
        const std::size_t begun = lane->steal(lane->claim().size());
        dispatcher_.give_back(lane->claim(), begun, effects);
        lanes_wake_.notify_one();
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
                         "dead letters are not taken: " + status.dead_letter_error);
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
