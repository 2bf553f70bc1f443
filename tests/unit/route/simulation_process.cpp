// The simulation's process: its commits, which are checked, its assignments, and its crashes.
#include <gtest/gtest.h>

#include <algorithm>

#include "unit/route/simulation.hpp"

namespace gantry::route {

void Simulation::commit() {
  for (const Offset& moved : engine_->dispatcher.committable()) {
    Log& log = logs_[moved.partition];
    ASSERT_GE(moved.offset, log.committed) << "a commit went back";
    log.committed = moved.offset;
    const CommitPoint point{moved.topic, moved.partition, moved.offset};
    const bool room = chance(70);
    log.metadata = encode_settled(point, moved.settled, room ? kMetadataBytes : 20 + roll(20));
    const DecodedRanges above = decode_settled(point, log.metadata);
    ASSERT_EQ(above.problem, "");
    check_commit(moved.partition, above.ranges, room);
  }
}

bool Simulation::settled(const Record& r) const {
  return r.ok_in == assignment_ || r.acknowledged_in == assignment_;
}

// all: whether the metadata had room for everything that is settled above the committed offset.
void Simulation::check_commit(std::int32_t partition, const OffsetRanges& above, bool all) {
  const Log& log = logs_[partition];
  std::set<int> waiting;  // keys that have an unsettled record
  for (const Record& r : log.records) {
    if (r.offset < log.committed || covers(above, r.offset)) {
      ASSERT_TRUE(r.ok || r.in_topic) << "offset " << r.offset << " was committed unsettled";
      ASSERT_FALSE(waiting.contains(r.order) && !r.convicted)
          << "offset " << r.offset << " would be skipped and an earlier one of its key handled";
      continue;
    }
    ASSERT_TRUE(!all || !covers(log.skipped, r.offset))
        << "offset " << r.offset << " was known to be settled and is forgotten";
    const bool ahead = !settled(r) || waiting.contains(r.order);
    ASSERT_TRUE(ahead || !all || r.offered_in != assignment_)
        << "offset " << r.offset << " is settled and would be handled again";
    if (r.order != 0) waiting.insert(r.order);
  }
}

// The turn that suspects are handled in, as a route takes it.
void Simulation::mind_turn() {
  using Handing = Dispatcher::Handing;
  const Dispatcher& dispatcher = engine_->dispatcher;
  const bool wants = dispatcher.wants_turn();
  const bool quiet = dispatcher.in_hands() == 0;
  if (handing_ == Handing::all && wants)
    handing_ = Handing::nothing;
  else if (handing_ == Handing::nothing && wants && quiet)
    handing_ = Handing::suspects;
  else if (!wants && (quiet || handing_ == Handing::nothing))
    handing_ = Handing::all;
  engine_->dispatcher.set_handing(handing_);
}

// Of what is in handlers' hands, before the process goes; some were suspects before and have
// crashed it since.
void Simulation::suspect_some() {
  for (auto& [number, log] : logs_)
    for (Record& r : log.records) {
      r.suspect &= r.convicted || r.done_in != assignment_;
      r.convicted |= r.suspect && chance(10);
    }
  if (engine_->claims.empty() || chance(50)) return;
  for (const Delivery* delivery : engine_->claims.front().deliveries)
    record(find(*delivery)).suspect = true;
}

void Simulation::assign_all() {
  ++assignment_;
  for (auto& [number, log] : logs_) {
    const CommitPoint point{"trace-topic", number, log.committed};
    log.skipped = decode_settled(point, log.metadata).ranges;
    std::vector<AwaitedSuspect> suspects;
    for (const Record& r : log.records)
      if (r.suspect)
        suspects.push_back({r.offset, 0, r.convicted ? 3u : 0u, static_cast<std::uint32_t>(0)});
    engine_->assign(number, log.committed, log.skipped, std::move(suspects));
    const auto at = std::ranges::lower_bound(log.records, log.committed, {}, &Record::offset);
    log.next = static_cast<std::size_t>(at - log.records.begin());
  }
}

void Simulation::revoke_and_assign() {
  if (chance(50)) commit();
  engine_->revoke();
  if (chance(50)) {
    end_old_work();
    for (auto& [number, log] : logs_)
      if (chance(70)) handle_elsewhere(number, log);
    end_old_work();
  }
  assign_all();
}

// While the partitions are another process's: handlers here end what they have begun, and what is
// on its way arrives, but nothing of that may be committed any more.
void Simulation::end_old_work() {
  for (std::uint64_t most = roll(4); most > 0; --most) {
    settle_some_claim();
    settle_some_pending();
    answer_some_letter();
    answer_some_record();
  }
  ASSERT_EQ(engine_->take(1), nullptr) << "handed out without an assignment";
  ASSERT_TRUE(engine_->dispatcher.committable().empty()) << "committed without an assignment";
}

// Another process has the partition, handles some of what is not settled, and commits that.
void Simulation::handle_elsewhere(std::int32_t partition, Log& log) {
  const OffsetRanges known =
      decode_settled({"trace-topic", partition, log.committed}, log.metadata).ranges;
  const auto first = std::ranges::lower_bound(log.records, log.committed, {}, &Record::offset);
  auto index = static_cast<std::size_t>(first - log.records.begin());
  for (std::uint64_t most = roll(10); most > 0 && index < log.records.size(); --most, ++index) {
    Record& r = log.records[index];
    log.committed = r.offset + 1;
    if (covers(known, r.offset)) continue;
    const bool works = r.temper == Temper::good || r.temper == Temper::fails_at_first;
    const Hands hands{partition, index, 0};
    if (works && publishes_ && r.has_key && !r.refused)
      for (int n = 0; n < to_publish(hands); ++n) write(hands, *output_key(hands), n);
    r.ok |= works;
    r.in_topic |= !works;
    r.given_up |= !works;
    r.suspect = r.convicted = false;
  }
  const CommitPoint point{"trace-topic", partition, log.committed};
  OffsetRanges above;
  for (const OffsetRange& range : known)
    if (range.end > log.committed)
      above.push_back({std::max(range.begin, log.committed), range.end});
  log.metadata = encode_settled(point, above, kMetadataBytes);
}

// In the middle of everything; of dead letters on their way, nobody hears what became of them.
void Simulation::crash_and_start() {
  for (const DeadLetterJob& letter : engine_->letters)
    if (letter.record == nullptr && chance(50)) record(find(*letter.delivery)).in_topic = true;
  for (std::size_t i = 0; i < engine_->flying.size(); ++i) fail_from(i, roll(3));
  landed_.clear();
  doomed_.clear();
  suspect_some();
  pending_.clear();
  pending_since_.clear();
  key_in_hands_.clear();
  handing_ = Dispatcher::Handing::all;
  const Time now = engine_->now;
  engine_.emplace(traits_, route_, random_());
  engine_->now = now;
  assign_all();
}

}  // namespace gantry::route
