#include "unit/route/simulation.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace gantry::route {
namespace {

constexpr int kSteps = 400;
constexpr int kRecords = 40;  // a partition
constexpr std::size_t kLanes = 4;

config::Route simulated_route(std::mt19937_64& random, config::Order order) {
  config::Route route = make_route();
  route.order = order;
  route.retry.backoff = Milliseconds{100};
  route.retry.jitter = 0.3;
  route.retry.multiplier = 1.5;
  route.max_pending = 1 + static_cast<int>(random() % 20);
  route.window_max_offsets = 5 + static_cast<std::int64_t>(random() % kRecords);
  route.parked_max_bytes = 4'000 + static_cast<std::int64_t>(random() % 20'000);
  return route;
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
      if (!has_room(number)) break;
      Record& next = log.records[log.next++];
      next.offered_in = assignment_;
      next.counted = 0;
      if (covers(log.skipped, next.offset)) next.done_in = assignment_;
      engine_->offer_one(number, next.offset, next.has_key ? std::optional{next.key} : std::nullopt,
                         roll(kMostValueBytes));
    }
  }
  collect_letters();
}

void Simulation::take() {
  if (engine_->claims.size() >= kLanes) return;
  const std::size_t limit = traits_.may_pend && traits_.max_batch == 1 ? 1 : 1 + roll(12);
  const Claim* claim = engine_->take(limit);
  if (claim == nullptr) return;
  ASSERT_LE(claim->size(), limit);
  ASSERT_NE(handing_, Dispatcher::Handing::nothing);
  for (const Delivery* delivery : claim->deliveries) {
    ASSERT_EQ(record(find(*delivery)).suspect, handing_ == Dispatcher::Handing::suspects);
    ASSERT_FALSE(record(find(*delivery)).convicted);
  }
  if (handing_ == Dispatcher::Handing::suspects) {
    ASSERT_EQ(engine_->dispatcher.in_hands(), 1u) << "a suspect was not alone";
  }
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
    ASSERT_TRUE(guilty || r.counted >= 4 || r.convicted)
        << "offset " << r.offset << " was dead-lettered after " << r.counted << " own failures";
    r.given_up = true;
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

void Simulation::step() {
  ++steps_;
  if (chance(30)) mind_turn();
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
