// A dispatcher driven by hand: its clock, its records, its lanes' claims, its dead-letter topic and
// the publisher of its outputs are all in the test's hands. When it ends, whatever a test left open
// is settled, and then nothing may be left: no fetched message, no counted byte.
#pragma once

#include <deque>
#include <initializer_list>
#include <list>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "route/dispatch/dispatcher.hpp"
#include "unit/route/fetched_records.hpp"

namespace gantry::route {

using Offsets = std::vector<std::int64_t>;

// Handlers of the kinds that are delivered to in different ways.
inline constexpr HandlerTraits kOneByOne{};
inline constexpr HandlerTraits kBatches{.max_batch = 1000};
inline constexpr HandlerTraits kOrderedBatches{.max_batch = 1000, .orders_within_batch = true};
inline constexpr HandlerTraits kPending{.max_batch = 1000, .may_pend = true};

// Four attempts one second apart, a deadline of 30 s with 5 s of grace.
config::Route make_route();

class Engine {
 public:
  explicit Engine(HandlerTraits traits = kOneByOne, config::Route route = make_route(),
                  std::uint64_t seed = 1);
  ~Engine();

  // ---- the source
  Partition* assign(std::int32_t number = 0, std::int64_t from = 0, OffsetRanges settled = {},
                    std::vector<AwaitedSuspect> suspects = {});
  void revoke();
  // The partition's next records, one for each key; nullopt is Kafka's null.
  void offer(std::initializer_list<std::optional<std::string>> keys, std::int32_t number = 0);
  void offer_one(std::int32_t number, std::int64_t offset, std::optional<std::string> key,
                 std::size_t value_size = 8);
  void offer_many(std::size_t count, const std::string& key_prefix = "key");  // a key each
  bool wants(std::int32_t number = 0) { return dispatcher.wants(*partitions.at(number)); }

  // ---- the lanes; a claim stays at its place for the engine's life
  Claim* take(std::size_t limit = 1000);           // nullptr: nothing to do
  Offsets take_offsets(std::size_t limit = 1000);  // and leaves it in the lane's hands
  void settle(Claim* claim, gantry_verdict rest, std::uint32_t retry_after_ms = 0);
  void settle_each(Claim* claim, const std::vector<gantry_verdict>& verdicts);
  void give_back(Claim* claim, std::size_t from);
  bool settle_slot(gantry_slot slot, gantry_verdict verdict);
  // Takes and settles, one claim after another, what can be taken now.
  Offsets handle_all(gantry_verdict verdict = GANTRY_OK, std::size_t limit = 1000);

  // ---- time and dead letters
  void pass(Milliseconds time);
  void acknowledge(std::size_t letter = 0) { answer_letter(letter, true); }
  void refuse(std::size_t letter = 0) { answer_letter(letter, false); }

  // ---- what handlers publish
  // For a message of a claim, or one left pending: GANTRY_DONE or GANTRY_FULL.
  std::int32_t publish(Claim* claim, std::size_t index, std::optional<std::string> key,
                       std::string value, std::string topic = "out");
  std::int32_t publish(gantry_slot slot, std::optional<std::string> key, std::string value);
  void get_through(std::size_t record = 0);
  void fail(std::size_t record = 0, bool suspect = false);
  void refuse_record(std::size_t record = 0);
  std::vector<std::string> in_flight() const;  // their values

  // The offset to commit of a partition, as last named; -1: none yet.
  std::int64_t commit(std::int32_t number = 0);
  OffsetRanges commit_ranges(std::int32_t number = 0);

  const config::Route route;
  FetchedRecords records;
  Dispatcher dispatcher;
  Time now{};
  std::map<std::int32_t, Partition*> partitions;
  std::map<std::int32_t, std::int64_t> next_offset;
  std::map<std::int32_t, std::int64_t> committed;
  std::map<std::int32_t, OffsetRanges> settled;  // above it, as last named
  std::list<Claim> claims;                       // in the lanes' hands
  std::deque<DeadLetterJob> letters;             // on their way to the dead-letter topic
  std::deque<Outgoing*> flying;                  // with the publisher
  bool recalled = false;                         // it was told to give back what it has not sent
  std::size_t succeeded = 0;                     // requests that were answered ok
  std::vector<gantry_slot> cancelled;            // what handlers were told to hurry with
  std::vector<std::uint32_t> cleared;            // suspects

  void apply(Effects effects);

 private:
  void close(Claim* claim);
  void answer_letter(std::size_t letter, bool acknowledged);
  void answer_record(std::size_t record, const PublishResult& result);
  void expect_nothing_left();

  std::list<Claim> closed_;  // kept: the pending table knows claims by address
};

Offsets offsets(const Claim& claim);
gantry_slot slot_of(const Claim* claim, std::size_t index = 0);

}  // namespace gantry::route
