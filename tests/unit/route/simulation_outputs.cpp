// The simulation's handlers publish, and its publisher keeps the order of each key as the real one
// does: once a record has failed, nothing that was sent after it is written any more.
#include <gtest/gtest.h>

#include <algorithm>

#include "unit/route/simulation.hpp"

namespace gantry::route {
namespace {

// Where in the flight the records of the key of `flying[at]` are, in the order in which they were
// sent.
std::vector<std::size_t> of_key(const std::deque<Outgoing*>& flying, std::size_t at) {
  if (!flying[at]->record.key) return {at};
  std::vector<std::size_t> all;
  for (std::size_t i = 0; i < flying.size(); ++i)
    if (flying[i]->record.key == flying[at]->record.key) all.push_back(i);
  return all;
}

}  // namespace

std::optional<std::string> Simulation::output_key(const Hands& hands) {
  if (!record(hands).has_key) return std::nullopt;
  return std::to_string(hands.partition) + "/" + record(hands).key;
}

// False: there was no room, and the handler says unavailable.
bool Simulation::publish(Claim* claim, std::size_t index) {
  const Hands hands = find(*claim->deliveries[index]);
  for (int n = 0; publishes_ && n < to_publish(hands); ++n) {
    const std::int32_t code = engine_->publish(claim, index, output_key(hands),
                                               std::to_string(n) + std::string(roll(200), 'x'));
    if (code == GANTRY_FULL) return false;
    EXPECT_EQ(code, GANTRY_DONE);
  }
  return true;
}

bool Simulation::publish(gantry_slot slot, const Hands& hands) {
  for (int n = 0; publishes_ && n < to_publish(hands); ++n) {
    const std::int32_t code = engine_->publish(slot, output_key(hands), std::to_string(n));
    if (code == GANTRY_FULL) return false;
    EXPECT_EQ(code, GANTRY_DONE);
  }
  return true;
}

void Simulation::write(const Outgoing& sent) {
  if (!sent.record.key) return;
  write(find(*sent.delivery), *sent.record.key, sent.record.value->front() == '0' ? 0 : 1);
}

void Simulation::write(const Hands& hands, const std::string& key, int number) {
  if (route_.order == config::Order::none) return;
  // Handled after all, by a later assignment, which never heard of its dead letter.
  if (record(hands).given_up) return;
  std::vector<std::size_t>& log = written_[key];
  const std::size_t position = hands.index * 2 + static_cast<std::size_t>(number);
  if (std::ranges::find(log, position) != log.end()) return;  // once more
  ASSERT_TRUE(log.empty() || log.back() < position)
      << "key " << key << ": record " << position << " was written after " << log.back();
  log.push_back(position);
}

// All that was published for a message has got through: only now is it settled.
void Simulation::landed(const Hands& hands) {
  if (++landed_[{hands.partition, hands.index, hands.epoch}] < to_publish(hands)) return;
  record(hands).ok = true;
  if (current(hands.partition, hands.epoch)) record(hands).ok_in = assignment_;
}

void Simulation::answer_some_record() {
  auto& flying = engine_->flying;
  if (flying.empty()) return;
  if (std::exchange(engine_->recalled, false)) recall();
  const std::vector<std::size_t> key = of_key(flying, roll(flying.size()));
  const std::size_t at = key.front();
  const Hands hands = find(*flying[at]->delivery);
  if (doomed_.erase(flying[at]) != 0) {
    engine_->fail(at);
  } else if (record(hands).refused) {
    answer_refused(at);
  } else if (calm_ || chance(80)) {
    write(*flying[at]);
    landed(hands);
    engine_->get_through(at);
  } else {
    fail_from(at, roll(key.size() + 1));
    doomed_.erase(flying[at]);
    engine_->fail(at, chance(30));
  }
}

void Simulation::answer_refused(std::size_t at) {
  if (engine_->flying[at]->record.alone || chance(50)) {
    engine_->refuse_record(at);
    collect_letters();
    return;
  }
  fail_from(at, 0);
  doomed_.erase(engine_->flying[at]);
  engine_->fail(at, true);
}

// Everything of its key from there on will come back as failed, though some of it was written.
void Simulation::fail_from(std::size_t at, std::size_t written) {
  for (const std::size_t i : of_key(engine_->flying, at)) {
    Outgoing* sent = engine_->flying[i];
    if (i < at || !doomed_.insert(sent).second) continue;
    if (written == 0) continue;
    --written;
    if (!record(find(*sent->delivery)).refused)
      write(*sent);
    else
      written = 0;
  }
}

// What was not on the wire.
void Simulation::recall() {
  for (std::size_t i = 0; i < engine_->flying.size(); ++i)
    if (chance(20)) fail_from(i, 0);
}

}  // namespace gantry::route
