// What the relay has in hand, and what it must not touch yet, so that the records of one (topic,
// key) reach the brokers in the order of their rows whatever fails. Pure: time is passed in. Used
// by the relay's thread alone.
//
// While all is well the rows of a key go out one behind the other. Once one has failed for now, its
// key is in trouble: its rows wait, with a growing back-off, and then go out one at a time until
// one is acknowledged. Many keys in trouble make their topic wait as a whole: then one row asks for
// all. A row without a key is in nobody's way.
//
// Brokers refuse a whole batch for one record in it. Those that were in one go out alone from then
// on, and their key one at a time until they have got through.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace gantry::outbox {

class RelayLedger {
 public:
  using Id = std::int64_t;
  using Clock = std::chrono::steady_clock;
  using Time = Clock::time_point;
  using Milliseconds = std::chrono::milliseconds;

  static constexpr Milliseconds kFirstBackoff{200};
  static constexpr Milliseconds kLastBackoff{10'000};
  static constexpr std::size_t kMostTroubledKeys = 1000;  // of a topic; then the topic waits

  struct Row {
    Id id;
    std::string topic;
    std::optional<std::string> key;
    std::size_t bytes;
  };

  // What the next read is to leave out.
  struct Exclusions {
    std::vector<Id> ids;
    std::vector<std::pair<std::string, std::string>> keys;  // topic and key
    std::vector<std::string> topics;
  };
  Exclusions exclusions(Time now) const;

  // Rows as they are read, by id. True: it goes out now, and one of the following is called once.
  bool admit(const Row& row, Time now);
  void answered(Id id, Time now);  // acknowledged, or refused for good: its key goes on
  // suspect: with the batch that it was in.
  void failed(Id id, Time now, const std::string& error, bool suspect = false);
  bool goes_alone(Id id) const { return suspects_.contains(id); }

  // A read that left out what exclusions(asked) said has found no row at all: those that could have
  // come after a pause are gone, deleted by somebody else, and nothing waits for them any more.
  void none_left(Time asked);

  std::size_t in_flight() const { return flights_.size(); }
  std::size_t bytes_in_flight() const { return bytes_; }
  std::optional<Time> oldest() const;    // when the oldest in flight was admitted
  std::optional<Time> next_due() const;  // when something that waits may be tried again
  // Why something waits; empty: nothing does.
  const std::string& trouble() const { return error_; }

 private:
  struct Wait {
    bool on = false;
    Milliseconds backoff{0};
    Time until{};
    void begin(Time now);
    void end() { *this = {}; }
  };
  struct Topic {
    Wait wait;
    std::size_t in_flight = 0;
    std::size_t troubled = 0;  // of its keys
  };
  struct Key {  // a (topic, key), or one row without a key
    std::string topic;
    std::optional<std::string> key;
    Id id = 0;  // of the row without a key
    std::size_t in_flight = 0;
    std::size_t suspects = 0;
    Wait wait;
  };
  struct Flight {
    std::string key;
    std::size_t bytes;
    Time since;
  };
  static std::string name_of(const Row& row);
  bool in_the_way(const Key& key, Time now) const {
    const bool one_at_a_time = key.wait.on || key.suspects > 0;
    return one_at_a_time && (key.in_flight > 0 || key.wait.until > now);
  }
  bool in_the_way(const Topic& topic, Time now) const {
    return topic.wait.on && (topic.in_flight > 0 || topic.wait.until > now);
  }
  Flight land(Id id);
  void forget_if_idle(const std::string& name);

  std::unordered_map<std::string, Topic> topics_;
  std::unordered_map<std::string, Key> keys_;
  std::unordered_map<Id, Flight> flights_;
  std::unordered_map<Id, std::string> suspects_;  // and their keys
  std::deque<std::pair<Time, Id>> by_age_;        // may name flights that have landed
  std::size_t bytes_ = 0;
  std::size_t troubled_ = 0;  // keys, of all topics
  std::string error_;
};

}  // namespace gantry::outbox
