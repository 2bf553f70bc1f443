#include "unit/route/simulation.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace gantry::route {
namespace {

constexpr int kSteps = 400;
constexpr int kRecords = 40;  // a partition
constexpr std::size_t kLanes = 4;
constexpr std::uint64_t kMostRecordBytes = 1000;

config::Route simulated_route(std::mt19937_64& random, config::Order order) {
  config::Route route = make_route();
  route.order = order;
  route.retry.backoff = Milliseconds{100};
  route.retry.jitter = 0.3;
  route.retry.multiplier = 1.5;
  route.max_pending = 1 + static_cast<int>(random() % 20);
  route.window_max_offsets = 10 + static_cast<std::int64_t>(random() % 100);
  route.parked_max_bytes = 4'000 + static_cast<std::int64_t>(random() % 40'000);
  return route;
}

bool covers(const OffsetRanges& ranges, std::int64_t offset) {
  return std::ranges::any_of(
      ranges, [&](const OffsetRange& r) { return r.begin <= offset && offset < r.end; });
}

}  // namespace

Simulation::Simulation(std::uint64_t seed, config::Order order, HandlerTraits traits,
                       bool publishes)
    : seed_(seed),
      random_(seed),
      traits_(traits),
      publishes_(publishes),
      route_(simulated_route(random_, order)) {
  const auto partitions = static_cast<std::int32_t>(1 + roll(3));
  const unsigned troubled = static_cast<unsigned>(roll(40));  // percent of the records
  const std::uint64_t keys = 1 + roll(8);
  for (std::int32_t number = 0; number < partitions; ++number) {
    std::int64_t offset = 0;
    for (int i = 0; i < kRecords; ++i) {
      offset += chance(10) ? 1 + static_cast<std::int64_t>(roll(50)) : 1;
      Record record{.offset = offset,
                    .key = std::to_string(roll(keys)),
                    .has_key = !chance(10),
                    .temper = Temper::good,
                    .order = 0,
                    .failures_left = static_cast<int>(1 + roll(2)),
                    .unavailable_left = chance(10) ? 2 : 0,
                    .refused = publishes && chance(3)};
      if (chance(troubled)) record.temper = static_cast<Temper>(1 + roll(4));
      if (order == config::Order::partition)
        record.order = 1 + number;
      else if (order == config::Order::key && record.has_key)
        record.order = 1 + number * 100 + std::stoi(record.key);
      logs_[number].records.push_back(std::move(record));
    }
  }
  engine_.emplace(traits_, route_, seed_);
  assign_all();
}

Simulation::Hands Simulation::find(const Delivery& delivery) {
  const auto& records = logs_[delivery.message.partition].records;
  const auto at = std::ranges::lower_bound(records, delivery.message.offset, {}, &Record::offset);
  return {delivery.message.partition, static_cast<std::size_t>(at - records.begin()),
          delivery.epoch};
}

void Simulation::offer() {
  for (auto& [number, log] : logs_) {
    for (std::uint64_t most = 1 + roll(12); most > 0 && log.next < log.records.size(); --most) {
      if (!engine_->wants(number)) break;
      Record& next = log.records[log.next++];
      next.offered_in = assignment_;
      next.counted = 0;
      if (covers(log.skipped, next.offset)) next.done_in = assignment_;
      engine_->offer_one(number, next.offset, next.has_key ? std::optional{next.key} : std::nullopt,
                         roll(200));
    }
  }
}

void Simulation::take() {
  if (engine_->claims.size() >= kLanes) return;
  const std::size_t limit = traits_.may_pend && traits_.max_batch == 1 ? 1 : 1 + roll(12);
  const Claim* claim = engine_->take(limit);
  if (claim == nullptr) return;
  ASSERT_LE(claim->size(), limit);
  std::set<int> keys;
  int last_key = 0;
  for (const Delivery* delivery : claim->deliveries) {
    const Hands hands = find(*delivery);
    ASSERT_EQ(record(hands).offered_in, assignment_) << "of an earlier assignment, handed out now";
    ASSERT_FALSE(covers(logs_[hands.partition].skipped, record(hands).offset))
        << "offset " << record(hands).offset << " was committed as settled and is handed out again";
    const int key = order_key(hands);
    if (key == 0) continue;
    if (keys.insert(key).second) {
      ASSERT_EQ(key_in_hands_[key]++, 0) << "key " << key << " is in two handlers' hands";
    } else {
      ASSERT_EQ(key, last_key) << "a key's messages do not stand together";
      ASSERT_TRUE(traits_.max_batch == 1 || traits_.orders_within_batch);
    }
    last_key = key;
    // Everything before it, of its key and assignment, is settled or stands before it in the claim.
    for (std::size_t i = 0; i < hands.index; ++i) {
      const Record& earlier = logs_[hands.partition].records[i];
      if (earlier.order != key || earlier.offered_in != assignment_) continue;
      const bool here = std::ranges::any_of(claim->deliveries, [&](const Delivery* d) {
        return d->message.partition == hands.partition && d->message.offset == earlier.offset;
      });
      ASSERT_TRUE(here || earlier.done_in == assignment_)
          << "offset " << record(hands).offset << " was handed out before " << earlier.offset;
    }
  }
}

gantry_verdict Simulation::verdict_for(Record& r) {
  if (r.unavailable_left > 0 && !calm_ && chance(50)) {
    --r.unavailable_left;
    return GANTRY_UNAVAILABLE;
  }
  switch (r.temper) {
    case Temper::good:
      return GANTRY_OK;
    case Temper::fails_at_first:
      return r.failures_left-- > 0 ? GANTRY_RETRY : GANTRY_OK;
    case Temper::rejected:
      return GANTRY_REJECT;
    case Temper::always_fails:
      return GANTRY_RETRY;
    case Temper::never_available:
      return calm_ ? GANTRY_OK : GANTRY_UNAVAILABLE;
  }
  return GANTRY_OK;
}

// What the handler did, before the dispatcher hears of it.
void Simulation::apply_verdict(const Hands& hands, gantry_verdict verdict) {
  if (verdict == GANTRY_RETRY || verdict == GANTRY_UNAVAILABLE) ++record(hands).counted;
  if (verdict != GANTRY_OK) return;
  if (publishes_) {
    if (current(hands.partition, hands.epoch)) record(hands).done_in = assignment_;
    return;
  }
  record(hands).ok = true;
  if (current(hands.partition, hands.epoch)) record(hands).ok_in = assignment_;
  if (record(hands).offered_in == assignment_) record(hands).done_in = assignment_;
}

void Simulation::settle_some_claim() {
  if (engine_->claims.empty()) return;
  auto at = engine_->claims.begin();
  std::advance(at, roll(engine_->claims.size()));
  Claim* claim = &*at;
  std::set<int> keys;
  for (const Delivery* delivery : claim->deliveries) keys.insert(order_key(find(*delivery)));
  for (const int key : keys) --key_in_hands_[key];
  if (traits_.max_batch == 1 && !traits_.may_pend)
    settle_one_by_one(claim);
  else
    settle_batch(claim);
  collect_letters();
}

// As a lane does: one after the other; behind one that comes again, its key waits; what was not
// begun may be taken back.
void Simulation::settle_one_by_one(Claim* claim) {
  if (claim->size() > 1 && chance(20)) {
    const std::size_t begun = 1 + roll(claim->size() - 1);
    engine_->give_back(claim, begun);
  }
  std::vector<gantry_verdict> verdicts;
  std::set<int> blocked;
  const bool halted = chance(10);
  for (std::size_t i = 0; i < claim->size(); ++i) {
    const Hands hands = find(*claim->deliveries[i]);
    const int key = order_key(hands);
    gantry_verdict verdict = kNotRun;
    if ((!halted || verdicts.empty()) && (key == 0 || !blocked.contains(key)))
      verdict = verdict_for(record(hands));
    const bool room = verdict != GANTRY_OK || publish(claim, i);
    if (!room) verdict = GANTRY_UNAVAILABLE;
    if (verdict != GANTRY_OK && verdict != GANTRY_REJECT) blocked.insert(key);
    apply_verdict(hands, room ? verdict : kNotRun);
    verdicts.push_back(verdict);
  }
  engine_->settle_each(claim, verdicts);
}

void Simulation::settle_batch(Claim* claim) {
  std::vector<gantry_verdict> verdicts;
  std::vector<gantry_verdict> own;  // without regard to what stands before it
  std::map<int, bool> again;
  std::set<std::size_t> crowded;
  for (std::size_t i = 0; i < claim->size(); ++i) {
    const Hands hands = find(*claim->deliveries[i]);
    const int key = order_key(hands);
    own.push_back(GANTRY_PENDING);
    if (traits_.may_pend && !calm_ && chance(40)) {
      verdicts.push_back(GANTRY_PENDING);
      continue;
    }
    gantry_verdict verdict = verdict_for(record(hands));
    own.back() = verdict;
    if (key != 0 && again[key]) verdict = GANTRY_RETRY;
    if (verdict == GANTRY_OK && !publish(claim, i)) {
      verdict = GANTRY_UNAVAILABLE;
      crowded.insert(i);
    }
    if (verdict == GANTRY_RETRY || verdict == GANTRY_UNAVAILABLE) again[key] = true;
    verdicts.push_back(verdict);
  }
  const auto failed = std::ranges::find_if(
      verdicts, [](gantry_verdict v) { return v != GANTRY_OK && v != GANTRY_PENDING; });
  const bool together = !traits_.may_pend && chance(60);
  if (together) {
    // One transaction: all of it or nothing.
    const gantry_verdict rest = failed == verdicts.end() ? GANTRY_OK : *failed;
    if (rest != GANTRY_OK && claim->size() > 1)  // nobody's own failure: it uses no failures up
      for (std::size_t i = 0; i < own.size(); ++i)
        if (own[i] == GANTRY_RETRY) ++record(find(*claim->deliveries[i])).failures_left;
    const bool nobodys = rest != GANTRY_OK && (claim->size() > 1 || !crowded.empty());
    for (const Delivery* delivery : claim->deliveries)
      apply_verdict(find(*delivery), nobodys ? kNotRun : rest);
    engine_->settle(claim, rest);
    return;
  }
  for (std::size_t i = 0; i < verdicts.size(); ++i) {
    const Hands hands = find(*claim->deliveries[i]);
    apply_verdict(hands, crowded.contains(i) ? kNotRun : verdicts[i]);
    if (verdicts[i] != GANTRY_PENDING) continue;
    pending_[slot_of(claim, i)] = hands;
    pending_since_[slot_of(claim, i)] = engine_->now;
    ++key_in_hands_[order_key(hands)];
  }
  engine_->settle_each(claim, verdicts);
}

void Simulation::settle_some_pending() {
  if (pending_.empty()) return;
  auto at = pending_.begin();
  std::advance(at, roll(pending_.size()));
  const auto [slot, hands] = *at;
  Record& r = record(hands);
  if (!calm_ && chance(5)) {  // its time will run out
    engine_->now = std::max(engine_->now, pending_since_[slot] + engine_->route.handler_deadline);
    engine_->pass(Milliseconds{1});
    if (chance(50)) engine_->pass(engine_->route.cancel_grace + Milliseconds{1});
    forget_timed_out();
    collect_letters();
    return;
  }
  gantry_verdict verdict = verdict_for(r);
  pending_.erase(at);
  --key_in_hands_[order_key(hands)];
  const bool in_time = engine_->now < pending_since_[slot] + engine_->route.handler_deadline;
  const bool room = verdict != GANTRY_OK || !in_time || publish(slot, hands);
  if (!room) verdict = GANTRY_UNAVAILABLE;
  if (in_time) apply_verdict(hands, room ? verdict : kNotRun);
  const bool accepted = engine_->settle_slot(slot, verdict);
  ASSERT_TRUE(accepted || !in_time) << "a settle in time was refused";
  ASSERT_FALSE(engine_->settle_slot(slot, verdict)) << "a second settle was taken";
  collect_letters();
}

// Keys whose handler got its grace and more have gone on; the handler may still settle, late.
void Simulation::forget_timed_out() {
  const auto& route = engine_->route;
  for (auto at = pending_.begin(); at != pending_.end();) {
    const bool deadline = engine_->now >= pending_since_[at->first] + route.handler_deadline;
    if (!deadline) {
      ++at;
      continue;
    }
    // Settled late at once: whether the grace is over or not, the key goes on from here.
    const auto [slot, hands] = *at;
    at = pending_.erase(at);
    ++record(hands).counted;
    --key_in_hands_[order_key(hands)];
    ASSERT_FALSE(engine_->settle_slot(slot, GANTRY_OK)) << "a late settle was taken";
  }
}

void Simulation::collect_letters() {
  for (auto& letter : engine_->letters) {
    const Hands hands = find(*letter.delivery);
    if (!current(hands.partition, hands.epoch)) continue;
    Record& r = record(hands);
    if (letter.record != nullptr) {
      ASSERT_EQ(letter.cause, DeadLetterCause::send_failed);
      ASSERT_TRUE(r.refused) << "a record of offset " << r.offset << " was dead-lettered";
      continue;
    }
    const bool guilty = r.temper != Temper::good && r.temper != Temper::fails_at_first;
    ASSERT_TRUE(guilty || r.counted >= 4)
        << "offset " << r.offset << " was dead-lettered after " << r.counted << " own failures";
    r.done_in = assignment_;
  }
}

void Simulation::answer_some_letter() {
  if (engine_->letters.empty()) return;
  const std::size_t at = roll(engine_->letters.size());
  const bool taken = calm_ || chance(70);
  const Hands hands = find(*engine_->letters[at].delivery);
  if (taken && engine_->letters[at].record != nullptr) {
    landed(hands);
  } else if (taken) {
    record(hands).in_topic = true;
    if (current(hands.partition, hands.epoch)) record(hands).acknowledged_in = assignment_;
  }
  taken ? engine_->acknowledge(at) : engine_->refuse(at);
}

void Simulation::pass() {
  const auto due = engine_->dispatcher.next_due();
  const bool jump = due && *due > engine_->now && chance(50);
  engine_->pass(jump ? std::chrono::ceil<Milliseconds>(*due - engine_->now)
                     : Milliseconds{roll(300)});
  forget_timed_out();
  collect_letters();
}

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
      ASSERT_FALSE(waiting.contains(r.order))
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

void Simulation::assign_all() {
  ++assignment_;
  for (auto& [number, log] : logs_) {
    const CommitPoint point{"trace-topic", number, log.committed};
    log.skipped = decode_settled(point, log.metadata).ranges;
    engine_->assign(number, log.committed, log.skipped);
    const auto at = std::ranges::lower_bound(log.records, log.committed, {}, &Record::offset);
    log.next = static_cast<std::size_t>(at - log.records.begin());
  }
}

void Simulation::revoke_and_assign() {
  if (chance(50)) commit();
  engine_->revoke();
  assign_all();
}

// In the middle of everything; of dead letters on their way, nobody hears what became of them.
void Simulation::crash_and_start() {
  for (const DeadLetterJob& letter : engine_->letters)
    if (letter.record == nullptr && chance(50)) record(find(*letter.delivery)).in_topic = true;
  for (std::size_t i = 0; i < engine_->flying.size(); ++i) fail_from(i, roll(3));
  landed_.clear();
  doomed_.clear();
  pending_.clear();
  pending_since_.clear();
  key_in_hands_.clear();
  const Time now = engine_->now;
  engine_.emplace(traits_, route_, random_());
  engine_->now = now;
  assign_all();
}

void Simulation::step() {
  ++steps_;
  const std::uint64_t what = roll(100);
  if (what < 20)
    offer();
  else if (what < 45)
    take();
  else if (what < 70)
    settle_some_claim();
  else if (what < 78)
    settle_some_pending();
  else if (what < 81)
    answer_some_letter();
  else if (what < 84)
    for (std::uint64_t most = 1 + roll(10); most > 0; --most) answer_some_record();
  else if (what < 94)
    pass();
  else if (what < 98 || calm_)
    commit();
  else if (chance(50))
    chance(50) ? revoke_and_assign() : crash_and_start();
}

void Simulation::check() {
  const auto status = engine_->dispatcher.status();
  std::uint64_t held = 0;
  for (const auto& [number, partition] : engine_->partitions) held += partition->held;
  ASSERT_EQ(held, engine_->records.held()) << "fetched messages held, as counted and in truth";
  // One message at a time may go beyond the bound.
  ASSERT_LE(status.record_bytes,
            static_cast<std::uint64_t>(engine_->route.parked_max_bytes) + 2 * kMostRecordBytes);
  if (traits_.may_pend) {
    ASSERT_LE(status.in_hands, static_cast<std::size_t>(engine_->route.max_pending));
    ASSERT_EQ(held, 0u) << "messages of a handler that may pend are copies";
  }
}

bool Simulation::all_done() const {
  return std::ranges::all_of(logs_, [](const auto& entry) {
    const Log& log = entry.second;
    return log.committed == log.records.back().offset + 1;
  });
}

void Simulation::finish() {
  calm_ = true;
  for (int round = 0; round < 200'000 && !all_done(); ++round) {
    step();
    if (testing::Test::HasFailure()) return;
  }
  for (const auto& [number, log] : logs_)
    ASSERT_EQ(log.committed, log.records.back().offset + 1)
        << "partition " << number << " did not come to its end";
}

bool Simulation::run() {
  for (int i = 0; i < kSteps && !testing::Test::HasFailure(); ++i) {
    step();
    check();
  }
  if (!testing::Test::HasFailure()) finish();
  return !testing::Test::HasFailure();
}

}  // namespace gantry::route
