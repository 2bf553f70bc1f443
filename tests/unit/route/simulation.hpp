// A model of everything around a dispatcher, driven by a random number generator: a broker with
// committed offsets and their metadata, a process that crashes and is started again, lanes,
// handlers of every temper (simulation_handlers.cpp) that may publish (simulation_outputs.cpp), a
// dead-letter topic, an output topic and a clock. After each step it compares what the dispatcher
// did with what it promised. Single-threaded: every interleaving of the calls is an order of steps.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "unit/route/engine.hpp"

namespace gantry::route {

inline bool covers(const OffsetRanges& ranges, std::int64_t offset) {
  return std::ranges::any_of(
      ranges, [&](const OffsetRange& r) { return r.begin <= offset && offset < r.end; });
}

class Simulation {
 public:
  Simulation(std::uint64_t seed, config::Order order, HandlerTraits traits, bool publishes);

  // Random steps, then everything goes well until all is done. False: a promise was broken, which
  // is in the test's failures.
  bool run();
  std::uint64_t steps() const { return steps_; }
  // Whether a partition was held at its bound of copied bytes, or of the window.
  bool held_for_bytes() const { return held_for_bytes_; }
  bool held_for_window() const { return held_for_window_; }

 private:
  static constexpr std::uint64_t kMostValueBytes = 200;

  enum class Temper { good, fails_at_first, rejected, always_fails, never_available };
  struct Record {
    std::int64_t offset;
    std::string key;
    bool has_key;
    Temper temper;
    int order;                          // what it is ordered with; 0: nothing
    int failures_left;                  // of fails_at_first
    int unavailable_left;               // times a good one says so
    bool refused;                       // the brokers refuse what is published for it
    int counted = 0;                    // attempts at most, in this assignment
    bool ok = false;                    // handled, ever
    bool suspect = false;               // of this process
    bool convicted = false;             // of having crashed it
    bool in_topic = false;              // acknowledged there, ever
    bool given_up = false;              // became a dead letter, ever: its key went on without it
    std::uint32_t done_in = 0;          // assignment in which it was settled last
    std::uint32_t ok_in = 0;            // assignment whose own delivery of it was ok
    std::uint32_t offered_in = 0;       // assignment in which it was offered last
    std::uint32_t acknowledged_in = 0;  // assignment whose dead letter of it was acknowledged
  };
  struct Log {
    std::vector<Record> records;
    std::size_t next = 0;           // index of the next one to offer
    std::int64_t committed = 0;     // what a new assignment starts from
    std::string metadata{};         // what was committed with it
    OffsetRanges skipped{};         // what that said when the assignment began
    std::uint64_t most_copied = 0;  // of its bytes, until more is offered
  };
  struct Hands {  // a message in a handler's hands
    std::int32_t partition;
    std::size_t index;
    std::uint32_t epoch;
  };

  std::uint64_t roll(std::uint64_t sides) { return random_() % sides; }
  bool chance(unsigned percent) { return roll(100) < percent; }
  Record& record(const Hands& hands) { return logs_[hands.partition].records[hands.index]; }
  Hands find(const Delivery& delivery);
  int order_key(const Hands& hands) { return record(hands).order; }
  bool current(std::int32_t partition, std::uint32_t epoch) const {
    const Partition& now = *engine_->partitions.at(partition);
    return now.assigned && epoch == now.epoch;
  }
  bool settled(const Record& record) const;

  void step();
  void offer();
  bool has_room(std::int32_t partition);
  std::uint64_t share() const;
  std::uint64_t window(const Log& log) const;
  void take();
  void settle_some_claim();
  void settle_one_by_one(Claim* claim);
  void settle_batch(Claim* claim);
  gantry_verdict verdict_for(Record& record);
  void apply_verdict(const Hands& hands, gantry_verdict verdict);
  void settle_some_pending();
  int to_publish(const Hands& hands) const { return 1 + static_cast<int>(hands.index % 2); }
  std::optional<std::string> output_key(const Hands& hands);
  bool publish(Claim* claim, std::size_t index);
  bool publish(gantry_slot slot, const Hands& hands);
  void answer_some_record();
  void answer_refused(std::size_t at);
  void fail_from(std::size_t at, std::size_t written);
  void recall();
  void write(const Outgoing& sent);
  void write(const Hands& hands, const std::string& key, int number);
  void landed(const Hands& hands);
  void answer_some_letter();
  void collect_letters();
  void pass();
  void commit();
  void check_commit(std::int32_t partition, const OffsetRanges& above, bool all);
  void revoke_and_assign();
  void end_old_work();
  void handle_elsewhere(std::int32_t partition, Log& log);
  void crash_and_start();
  void suspect_some();
  void mind_turn();
  void assign_all();
  void forget_timed_out();
  void finish();
  bool all_done() const;
  void check();

  const std::uint64_t seed_;
  std::mt19937_64 random_;
  const HandlerTraits traits_;
  const bool publishes_;
  const config::Route route_;
  std::optional<Engine> engine_;  // of this process
  std::map<std::int32_t, Log> logs_;
  std::uint32_t assignment_ = 0;
  std::map<gantry_slot, Hands> pending_;  // left pending, by slot
  std::map<gantry_slot, Time> pending_since_;
  std::map<int, int> key_in_hands_;  // claims or pending messages that hold a key
  Dispatcher::Handing handing_ = Dispatcher::Handing::all;
  // What is in the output topic of each key, as index * 2 + number of the record.
  std::map<std::string, std::vector<std::size_t>> written_;
  std::map<std::tuple<std::int32_t, std::size_t, std::uint32_t>, int> landed_;
  std::set<const Outgoing*> doomed_;  // the publisher will say that they have failed
  bool calm_ = false;                 // from now on everything goes well
  std::uint64_t steps_ = 0;
  bool held_for_bytes_ = false;
  bool held_for_window_ = false;
};

}  // namespace gantry::route
