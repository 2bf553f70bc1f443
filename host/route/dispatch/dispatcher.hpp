// The delivery engine of one route: which message goes to a lane next, and what follows from each
// verdict. A state machine without threads, clock or transport: time is passed in, work for others
// comes out as Effects. Guarded by the route's mutex.
//
//   offer ─▶ key queues ─▶ take ─▶ (lane, handler) ─▶ settle ─┬─ done: frontier
//                 ▲                                           ├─ dead letter: frontier once it is
//                 │                                           │  acknowledged
//                 └──────── tick, when it is due ◀────────────┴─ retry: key parked
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "config/model.hpp"
#include "route/dispatch/counts.hpp"
#include "route/dispatch/keys.hpp"
#include "route/dispatch/partition.hpp"
#include "route/dispatch/pending.hpp"
#include "route/dispatch/recent_errors.hpp"
#include "route/dispatch/retry_policy.hpp"
#include "route/dispatch/send_order.hpp"
#include "route/message/handler.hpp"
#include "route/message/outcome.hpp"

namespace gantry::route {

struct Numbers;

struct Offset {  // to commit: the next record to read
  std::string topic;
  std::int32_t partition;
  std::int64_t offset;
  OffsetRanges settled;  // above it
};

// The first record of an assignment is not the one that was committed: compaction, transactions,
// or records that are gone.
struct Gap {
  std::string topic;
  std::int32_t partition;
  std::int64_t committed;
  std::int64_t first;
};

// Where an assignment of a partition begins.
struct Start {
  std::int64_t committed = -1;  // -1: not known
  OffsetRanges settled{};       // above it: not handled again
  std::uint32_t journal_topic = 0;
  std::vector<AwaitedSuspect> suspects{};  // to be handled alone; ascending
};

class Dispatcher {
 public:
  // What may be handed out.
  enum class Handing { all, nothing, suspects };

  // pending: where the crash journal notes what a handler that may pend has in its hands.
  Dispatcher(const config::Route& route, const HandlerTraits& traits, std::uint64_t seed,
             JournalHand pending = {});

  // ---- source side (offering.cpp, memory.cpp)
  Partition* assign(const std::string& topic, std::int32_t number, Start start = {});
  // Drops what no handler has in its hands; later verdicts of the rest count for nothing.
  void revoke_all(Effects& effects);
  Delivery* acquire();  // an empty one, to be filled and offered
  void offer(Partition* partition, std::span<Delivery* const> deliveries, Effects& effects);
  void discard(Delivery* unused, Effects& effects);  // acquired and not offered
  // Back-pressure: false leaves the partition's records in the client's queue.
  bool wants(const Partition& partition) const;

  // ---- lane side (handing.cpp, verdicts.cpp, judging.cpp)
  // Fills the claim with at most `limit` messages. False: nothing to do now.
  bool take(Claim& claim, std::size_t limit);
  // The claim as the handler left it: outcomes that are still kUnsettled get `rest`.
  void settle(Claim& claim, const Outcome& rest, Time now, Effects& effects);
  // Those from index `from` on were not begun: their keys are free for other lanes.
  void give_back(Claim& claim, std::size_t from, Effects& effects);
  // From any thread, by slot. False: refused. (slots.cpp)
  bool settle_slot(gantry_slot slot, const gantry_outcome& outcome, Time now, Effects& effects);

  // Of a slot that a handler may still answer; nullptr: there is none. With GANTRY_MAY_PEND only.
  Delivery* unsettled(gantry_slot slot) const { return pending_.unsettled(slot); }

  // ---- suspects of a crash (suspects.cpp)
  void set_handing(Handing handing) { handing_ = handing; }
  // One stands ready, and nothing but its turn is missing.
  bool wants_turn() const;
  std::size_t in_hands() const { return in_hands_; }
  std::size_t abandoned() const { return pending_.abandoned(); }

  // ---- HTTP requests (requests.cpp)
  // Nobody waits for the answer any more: dropped, or where a handler has it already, the handler
  // is told and its verdict counts for nothing.
  void withdraw(const void* fetched, Effects& effects);

  // Those that come now are refused, but one to ask with.
  bool refuses() const { return requests_ && availability_.state() != Availability::State::open; }

  // ---- time
  std::optional<Time> next_due() const;
  void tick(Time now, Effects& effects);

  // ---- records for the outputs (records.cpp)
  // Holds a record for a delivery that unsettled() or the lane's call has named. GANTRY_DONE or
  // GANTRY_FULL. In the call of a lane without the mutex.
  std::int32_t publish(Delivery& delivery, OutRecord&& record);
  // No more is to be begun until some have got through. Any thread.
  bool room_is_scarce() const { return room_.scarce(); }
  // The next to hand to the publisher. nullptr: none now.
  Outgoing* next_record(Time now) { return send_order_.next(now); }
  void put_back(Outgoing* unsent) { send_order_.put_back(unsent); }
  void record_done(Outgoing* sent, const PublishResult& result, Time now, Effects& effects);

  // ---- dead letters (letters.cpp)
  void dead_letter_done(DeadLetterJob job, bool acknowledged, std::string error, Time now,
                        Effects& effects);

  // ---- commit and end
  // Those of which something was settled since the last call.
  std::vector<Offset> committable();
  // Of every assigned partition, moved or not, with so many ranges at most, which a commit may not
  // have room for; without those of which nothing was committed before or settled since.
  std::vector<Offset> positions(std::size_t ranges = kMostRanges) const;
  void forget_committed();  // a commit failed: they all moved again
  std::vector<Gap> take_gaps() { return std::exchange(gaps_, {}); }
  void set_draining(bool draining) { draining_ = draining; }
  void set_paused(bool paused) { paused_ = paused; }  // hands out nothing
  bool idle() const { return in_hands_ == 0 && dead_letters_ == 0 && send_order_.empty(); }
  std::vector<gantry_slot> pending_slots() const { return pending_.slots(); }

  // ---- what the route tells of itself
  struct Status {
    Availability::State availability;
    std::string unavailable_reason;
    std::string dead_letter_error;  // not empty: the route holds
    std::string publish_error;      // the same
    std::size_t partitions = 0;
    std::size_t full_partitions = 0;  // at a bound of memory or window
    std::size_t ready = 0, parked = 0, in_hands = 0;
    std::size_t pending = 0;    // left so by handlers
    std::size_t abandoned = 0;  // never settled: their keys went on, their memory is still lent
    std::size_t timers = 0;     // of pending messages
    std::uint64_t skipped = 0;  // settled by an earlier assignment and not handed out again
    std::size_t unsent = 0;     // records of settled messages that have not got through
    std::uint64_t record_bytes = 0;
    std::size_t letters = 0;   // dead letters that are not taken yet
    std::size_t suspects = 0;  // of a crash, in assigned partitions, not handled yet
  };
  Status status() const;
  Counts& counts() { return counts_; }
  void describe(Numbers& numbers) const;  // all but what the route itself knows (numbers.cpp)
  std::size_t ready_count() const { return keys_.ready_count(); }
  // Fewer stand ready than a call may have; while a dependency is down also others, since it may be
  // that only those which stand ready say so. Of requests all are wanted that wait: they are
  // refused meanwhile.
  bool wants_records(std::size_t batch) const {
    return requests_ || keys_.ready_count() < batch ||
           availability_.state() != Availability::State::open;
  }
  // Whether queues that wants() passed by should be looked at again: with some slack, so that many
  // records move at a time.
  bool has_room() const;

 private:
  // What follows from a verdict for the message and its key.
  struct Fate {
    enum What { done, buried, again_first, again_last, parked, in_hands } what = done;
    Time until{};             // parked
    DeadLetterCause cause{};  // buried
  };

  bool current(const Delivery& d) const {
    return d.partition->assigned && d.epoch == d.partition->epoch;
  }
  bool full(const Partition& partition) const;
  std::optional<std::uint64_t> order_of(const Delivery& delivery) const;
  void append(Key* key, Delivery* delivery, Effects& effects);
  void age(Partition& partition, Effects& effects);
  void copy_out(Delivery& delivery, Effects& effects);
  void drop_waiting(Key* key, Effects& effects);

  void look_for_suspect(Delivery& delivery, Effects& effects);
  bool convict(Delivery* delivery, Effects& effects);
  bool convicted(const Delivery& delivery) const;
  void clear_suspect(const Delivery& delivery, Effects& effects) const;
  const Key* first_to_take(std::size_t& limit);
  std::size_t permitted(std::size_t limit, bool& probe) const;
  void take_run(Claim& claim, Key* key, std::size_t most);
  void refuse_waiting(Effects& effects);
  void succeed(Delivery& delivery, Effects& effects) const;
  void send(Delivery* delivery, bool probe, Time now, Effects& effects);
  bool goes_again(const Outgoing& sent, const PublishResult& result, Time now) const;
  void refuse(std::unique_ptr<Outgoing> record, const PublishResult& result, Time now,
              Effects& effects);
  void one_through(Delivery* delivery, Time now, Effects& effects);
  void one_less(Delivery* delivery, Effects& effects);

  // deliveries: from the head of one key, in order; outcomes: one each
  void settle_run(std::span<Delivery* const> deliveries, std::span<Outcome> outcomes, Time now,
                  Effects& effects);
  Fate judge(Delivery& delivery, const Outcome& outcome, Time now);
  Fate judge_failure(Delivery& delivery, const Outcome& outcome, Time now);
  void count_failure(const Delivery& delivery, const Outcome& outcome, Time now);
  bool judge_unavailable(Delivery& delivery, const Outcome& outcome, Time now);
  void place(Key* key, const Fate& head, Effects& effects);
  void release_front();
  void let_go(Delivery& delivery);
  void let_in(Delivery& delivery, Effects& effects);
  void finish(Delivery* delivery, Effects& effects);
  void finish_stale(Key* key, Effects& effects);
  void finish_orphan(Delivery* delivery, Key* key, bool ok, Effects& effects);
  void pass(const Delivery& delivery);
  void bury(Delivery* delivery, DeadLetterCause cause, Outcome outcome, Effects& effects);
  void settle_one(Delivery* delivery, Outcome outcome, Time now, Effects& effects);
  void expire(const PendingTable::Expiry& expiry, Time now, Effects& effects);
  double random() { return std::uniform_real_distribution<>{}(random_); }

  const config::Route& route_;
  const HandlerTraits traits_;
  const bool requests_;  // the source is HTTP: nothing is copied, dead-lettered or tried again
  const bool runs_;      // a lane may hold several messages of one key
  // Ready keys (order "partition": messages of a partition) that are enough.
  const std::size_t high_water_;
  std::mt19937_64 random_;

  std::map<std::pair<std::string, std::int32_t>, std::unique_ptr<Partition>> partitions_;
  std::size_t assigned_ = 0;
  Handing handing_ = Handing::all;
  std::deque<Key*> aside_;  // keys whose first message is a suspect that waits for its turn
  std::size_t suspects_in_hands_ = 0;
  std::vector<Gap> gaps_;
  std::uint64_t skipped_ = 0;
  Keys keys_;
  PendingTable pending_;
  Availability availability_;
  std::string unavailable_reason_;
  std::uint64_t successes_ = 0;
  Counts counts_;
  RecentErrors errors_;

  Room room_;
  SendOrder send_order_;

  std::deque<Delivery> pool_;
  std::vector<Delivery*> free_;
  std::vector<Key*> to_front_;        // scratch of settle(): keys that go back to the front
  std::vector<Delivery*> survivors_;  // scratch of settle_run()
  std::size_t in_hands_ = 0;
  bool draining_ = false;
  bool paused_ = false;

  std::size_t dead_letters_ = 0;     // on their way or waiting to be sent again
  std::size_t holding_letters_ = 0;  // of those, refused at least once
  std::multimap<Time, DeadLetterJob> refused_dead_letters_;
  std::string dead_letter_error_;  // not empty: the route holds
};

}  // namespace gantry::route
