#include "outbox/relay_ledger.hpp"

#include <algorithm>

namespace gantry::outbox {

void RelayLedger::Wait::begin(Time now) {
  on = true;
  backoff = std::clamp(backoff * 2, kFirstBackoff, kLastBackoff);
  until = now + backoff;
}

std::string RelayLedger::name_of(const Row& row) {
  // No name of a topic holds a NUL.
  std::string name = row.topic;
  name += '\0';
  if (row.key) return name.append("k").append(*row.key);
  return name.append("i").append(std::to_string(row.id));
}

RelayLedger::Exclusions RelayLedger::exclusions(Time now) const {
  Exclusions out;
  out.ids.reserve(flights_.size());
  for (const auto& [id, flight] : flights_) out.ids.push_back(id);
  for (const auto& [name, topic] : topics_)
    if (in_the_way(topic, now)) out.topics.push_back(name);
  if (troubled_ == 0 && suspects_.empty()) return out;
  for (const auto& [name, key] : keys_) {
    if (!in_the_way(key, now)) continue;
    if (key.key)
      out.keys.emplace_back(key.topic, *key.key);
    else if (key.in_flight == 0)
      out.ids.push_back(key.id);
  }
  return out;
}

bool RelayLedger::admit(const Row& row, Time now) {
  Topic& topic = topics_[row.topic];
  if (in_the_way(topic, now)) return false;
  std::string name = name_of(row);
  const auto [at, fresh] = keys_.try_emplace(name);
  Key& key = at->second;
  if (fresh) {
    key.topic = row.topic;
    key.key = row.key;
    key.id = row.id;
  }
  if (in_the_way(key, now)) return false;
  ++topic.in_flight;
  ++key.in_flight;
  bytes_ += row.bytes;
  by_age_.emplace_back(now, row.id);
  flights_.emplace(row.id, Flight{std::move(name), row.bytes, now});
  return true;
}

RelayLedger::Flight RelayLedger::land(Id id) {
  const auto at = flights_.find(id);
  Flight flight = std::move(at->second);
  flights_.erase(at);
  bytes_ -= flight.bytes;
  Key& key = keys_.at(flight.key);
  --key.in_flight;
  --topics_.at(key.topic).in_flight;
  const auto landed = [this](const auto& entry) {
    const auto other = flights_.find(entry.second);
    return other == flights_.end() || other->second.since != entry.first;  // or out once more
  };
  while (!by_age_.empty() && landed(by_age_.front())) by_age_.pop_front();
  return flight;
}

void RelayLedger::answered(Id id, Time now) {
  const Flight flight = land(id);
  Key& key = keys_.at(flight.key);
  Topic& topic = topics_.at(key.topic);
  key.suspects -= suspects_.erase(id);
  if (key.wait.on) {
    key.wait.end();
    --topic.troubled;
    --troubled_;
  }
  if (topic.wait.on) {  // it works again, so the others need not wait their time out
    topic.wait.end();
    for (auto& [name, other] : keys_)
      if (other.topic == key.topic) other.wait.until = std::min(other.wait.until, now);
  }
  if (troubled_ == 0) error_.clear();
  forget_if_idle(flight.key);
}

void RelayLedger::failed(Id id, Time now, const std::string& error, bool suspect) {
  const Flight flight = land(id);
  Key& key = keys_.at(flight.key);
  if (suspect && suspects_.emplace(id, flight.key).second) ++key.suspects;
  Topic& topic = topics_.at(key.topic);
  if (!key.wait.on) {
    ++topic.troubled;
    ++troubled_;
  }
  // Those that were under way together fail together: one pause for all of them.
  if (key.wait.until <= now) key.wait.begin(now);
  if ((topic.wait.on || topic.troubled > kMostTroubledKeys) && topic.wait.until <= now)
    topic.wait.begin(now);
  error_ = "topic \"" + key.topic + "\": " + error;
}

void RelayLedger::none_left(Time asked) {
  if (troubled_ == 0 && suspects_.empty()) return;
  for (auto& [name, topic] : topics_)
    if (topic.wait.on && !in_the_way(topic, asked)) topic.wait.end();
  std::vector<std::string> gone;
  for (const auto& [name, key] : keys_)
    if ((key.wait.on || key.suspects > 0) && !in_the_way(key, asked) &&
        !in_the_way(topics_.at(key.topic), asked))
      gone.push_back(name);
  for (const std::string& name : gone) {
    Key& key = keys_.at(name);
    std::erase_if(suspects_, [&](const auto& suspect) { return suspect.second == name; });
    key.suspects = 0;
    if (key.wait.on) {
      key.wait.end();
      --topics_.at(key.topic).troubled;
      --troubled_;
    }
    forget_if_idle(name);
  }
  if (troubled_ == 0) error_.clear();
}

void RelayLedger::forget_if_idle(const std::string& name) {
  const auto at = keys_.find(name);
  const Key& key = at->second;
  if (key.in_flight > 0 || key.wait.on || key.suspects > 0) return;
  const auto topic = topics_.find(key.topic);
  if (topic->second.in_flight == 0 && topic->second.troubled == 0) topics_.erase(topic);
  keys_.erase(at);
}

std::optional<RelayLedger::Time> RelayLedger::oldest() const {
  if (by_age_.empty()) return std::nullopt;
  return by_age_.front().first;
}

std::optional<RelayLedger::Time> RelayLedger::next_due() const {
  std::optional<Time> due;
  const auto earlier = [&](Time time) { due = due ? std::min(*due, time) : time; };
  for (const auto& [name, topic] : topics_)
    if (topic.wait.on && topic.in_flight == 0) earlier(topic.wait.until);
  if (troubled_ == 0) return due;
  for (const auto& [name, key] : keys_)
    if (key.wait.on && key.in_flight == 0 && !topics_.at(key.topic).wait.on)
      earlier(key.wait.until);
  return due;
}

}  // namespace gantry::outbox
