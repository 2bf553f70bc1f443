#include "unit/route/engine.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace gantry::route {

config::Route make_route() {
  config::Route route;
  route.name = "orders";
  route.topics = {"trace-topic"};
  return route;
}

Engine::Engine(HandlerTraits traits, config::Route configured, std::uint64_t seed)
    : route(std::move(configured)), dispatcher(route, traits, seed) {}

Engine::~Engine() {
  while (!claims.empty()) settle(&claims.front(), GANTRY_OK);
  for (const gantry_slot slot : dispatcher.pending_slots()) settle_slot(slot, GANTRY_OK);
  while (!letters.empty()) acknowledge();
  revoke();
  while (!flying.empty()) get_through();
  expect_nothing_left();
}

void Engine::expect_nothing_left() {
  const auto status = dispatcher.status();
  EXPECT_EQ(records.held(), 0u) << "fetched messages were not released";
  EXPECT_EQ(status.in_hands, 0u);
  EXPECT_EQ(status.pending, 0u);
  EXPECT_EQ(status.ready, 0u);
  EXPECT_EQ(status.parked, 0u);
  EXPECT_EQ(status.unsent, 0u);
  EXPECT_EQ(status.record_bytes, 0u);
  EXPECT_TRUE(dispatcher.idle());
  for (const auto& [number, partition] : partitions) {
    EXPECT_EQ(partition->held, 0u);
    EXPECT_EQ(partition->held_bytes, 0u);
    EXPECT_EQ(partition->copied_bytes, 0u);
  }
}

void Engine::apply(Effects effects) {
  for (void* fetched : effects.released) records.release(fetched);
  for (void* fetched : effects.succeeded) records.release(fetched);
  succeeded += effects.succeeded.size();
  for (auto& letter : effects.dead_letters) letters.push_back(std::move(letter));
  cancelled.insert(cancelled.end(), effects.cancelled.begin(), effects.cancelled.end());
  recalled |= effects.recall;
  if (!effects.records) return;
  while (Outgoing* next = dispatcher.next_record(now)) flying.push_back(next);
}

Partition* Engine::assign(std::int32_t number, std::int64_t from, OffsetRanges ranges) {
  next_offset[number] = from;
  committed[number] = -1;
  settled[number].clear();
  return partitions[number] = dispatcher.assign("trace-topic", number, from, std::move(ranges));
}

void Engine::revoke() {
  Effects effects;
  dispatcher.revoke_all(effects);
  apply(std::move(effects));
}

void Engine::offer_one(std::int32_t number, std::int64_t offset, std::optional<std::string> key,
                       std::size_t value_size) {
  Delivery* delivery = dispatcher.acquire();
  records.fill(*delivery, "trace-topic", number, offset, std::move(key), value_size);
  Effects effects;
  dispatcher.offer(partitions.at(number), {&delivery, 1}, effects);
  apply(std::move(effects));
  next_offset[number] = offset + 1;
}

void Engine::offer(std::initializer_list<std::optional<std::string>> keys, std::int32_t number) {
  for (const auto& key : keys) offer_one(number, next_offset[number], key);
}

void Engine::offer_many(std::size_t count, const std::string& key_prefix) {
  for (std::size_t i = 0; i < count; ++i)
    offer_one(0, next_offset[0], key_prefix + std::to_string(i));
}

Claim* Engine::take(std::size_t limit) {
  Claim& claim = claims.emplace_back();
  if (dispatcher.take(claim, limit)) return &claim;
  claims.pop_back();
  return nullptr;
}

Offsets Engine::take_offsets(std::size_t limit) {
  const Claim* claim = take(limit);
  return claim == nullptr ? Offsets{} : offsets(*claim);
}

void Engine::close(Claim* claim) {
  const auto at = std::ranges::find_if(claims, [&](const Claim& c) { return &c == claim; });
  closed_.splice(closed_.end(), claims, at);
}

void Engine::settle(Claim* claim, gantry_verdict rest, std::uint32_t retry_after_ms) {
  Effects effects;
  Outcome outcome;
  outcome.verdict = rest;
  outcome.retry_after_ms = retry_after_ms;
  dispatcher.settle(*claim, outcome, now, effects);
  close(claim);
  apply(std::move(effects));
}

void Engine::settle_each(Claim* claim, const std::vector<gantry_verdict>& verdicts) {
  for (std::size_t i = 0; i < verdicts.size(); ++i) claim->outcomes[i].verdict = verdicts[i];
  settle(claim, kNotRun);
}

void Engine::give_back(Claim* claim, std::size_t from) {
  Effects effects;
  dispatcher.give_back(*claim, from, effects);
  apply(std::move(effects));
}

bool Engine::settle_slot(gantry_slot slot, gantry_verdict verdict) {
  Effects effects;
  const gantry_outcome outcome{sizeof(gantry_outcome), verdict, 0, {}, {}};
  const bool accepted = dispatcher.settle_slot(slot, outcome, now, effects);
  apply(std::move(effects));
  return accepted;
}

Offsets Engine::handle_all(gantry_verdict verdict, std::size_t limit) {
  Offsets handled;
  while (Claim* claim = take(limit)) {
    for (const auto offset : offsets(*claim)) handled.push_back(offset);
    settle(claim, verdict);
  }
  return handled;
}

void Engine::pass(Milliseconds time) {
  now += time;
  Effects effects;
  dispatcher.tick(now, effects);
  apply(std::move(effects));
}

void Engine::answer_letter(std::size_t letter, bool acknowledged) {
  DeadLetterJob job = std::move(letters.at(letter));
  letters.erase(letters.begin() + static_cast<std::ptrdiff_t>(letter));
  Effects effects;
  dispatcher.dead_letter_done(std::move(job), acknowledged, acknowledged ? "" : "no leader", now,
                              effects);
  apply(std::move(effects));
}

std::int32_t Engine::publish(Claim* claim, std::size_t index, std::optional<std::string> key,
                             std::string value, std::string topic) {
  OutRecord record;
  record.topic = std::move(topic);
  record.key = std::move(key);
  record.value = std::move(value);
  return dispatcher.publish(*claim->deliveries.at(index), std::move(record));
}

std::int32_t Engine::publish(gantry_slot slot, std::optional<std::string> key, std::string value) {
  Delivery* delivery = dispatcher.unsettled(slot);
  if (delivery == nullptr) return GANTRY_UNKNOWN_SLOT;
  OutRecord record;
  record.topic = "out";
  record.key = std::move(key);
  record.value = std::move(value);
  return dispatcher.publish(*delivery, std::move(record));
}

void Engine::answer_record(std::size_t record, const PublishResult& result) {
  Outgoing* sent = flying.at(record);
  flying.erase(flying.begin() + static_cast<std::ptrdiff_t>(record));
  Effects effects;
  dispatcher.record_done(sent, result, now, effects);
  apply(std::move(effects));
}

void Engine::get_through(std::size_t record) {
  answer_record(record, {PublishStatus::acknowledged, ""});
}

void Engine::fail(std::size_t record, bool suspect) {
  answer_record(record, {PublishStatus::failed, "no leader", suspect});
}

void Engine::refuse_record(std::size_t record) {
  answer_record(record, {PublishStatus::refused, "MSG_SIZE_TOO_LARGE: too large"});
}

std::vector<std::string> Engine::in_flight() const {
  std::vector<std::string> values;
  for (const Outgoing* sent : flying) values.push_back(*sent->record.value);
  return values;
}

std::int64_t Engine::commit(std::int32_t number) {
  for (const Offset& moved : dispatcher.committable()) {
    committed[moved.partition] = moved.offset;
    settled[moved.partition] = moved.settled;
  }
  return committed[number];
}

OffsetRanges Engine::commit_ranges(std::int32_t number) {
  commit(number);
  return settled[number];
}

Offsets offsets(const Claim& claim) {
  Offsets all;
  for (const Delivery* delivery : claim.deliveries) all.push_back(delivery->message.offset);
  return all;
}

gantry_slot slot_of(const Claim* claim, std::size_t index) {
  return claim->deliveries.at(index)->message.slot;
}

}  // namespace gantry::route
