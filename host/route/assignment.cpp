// A route's partitions: what an assignment begins with, and how it is given up. By the consumer's
// control thread, which lanes that pull and lanes that handle go on beside.
#include <algorithm>
#include <limits>

#include "observe/log.hpp"
#include "route/route.hpp"

namespace gantry::route {

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
  records_ = true;
  wake_all_lanes();
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

void Route::while_none_pulls(const std::function<void()>& work) {
  const std::lock_guard still{queues_mutex_};
  work();
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
    if (last_deadline_ != Time::max())
      left_ = dispatcher_.positions(std::numeric_limits<std::size_t>::max());
    dispatcher_.revoke_all(effects);
    if (!parts_.traits.may_pend) effects.cancelled = std::move(overdue);
    gone.swap(sources_);
    ended_queue_.clear();
    assigned_ = false;
  }
  apply(effects);
}

}  // namespace gantry::route
