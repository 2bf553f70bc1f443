// One route at work: lanes that take records from the partition queues and run the handler, the
// dispatcher that they share under one mutex, and a clock. Rebalance calls come from the consumer's
// control thread, which never runs plugin code. The route outlives everything it has handed to a
// publisher or a hanging handler.
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "config/model.hpp"
#include "route/canceller.hpp"
#include "route/dispatch/dispatcher.hpp"
#include "route/dispatch/numbers.hpp"
#include "route/journal/quarantine.hpp"
#include "route/lane.hpp"
#include "route/lease.hpp"
#include "route/message/handler.hpp"
#include "route/partition_queue.hpp"

namespace gantry::route {

// What a route is made of. All functions may be called from any thread and must not call back into
// the route before they return, except `done` of a dead letter.
struct RouteParts {
  config::Route config;
  HandlerTraits traits;
  Release release;  // gives fetched messages back
  // Of a route whose source is HTTP: gives requests back whose verdict is ok, those of a batch
  // together; and swaps the answer to one for what it has so far, under the route's mutex.
  void (*succeeded)(std::span<void* const> fetched) = nullptr;
  void (*store_reply)(void* fetched, HttpReply& reply) = nullptr;
  using Done = std::function<void(bool acknowledged, std::string error)>;
  std::function<void(const DeadLetterJob&, Done)> send_dead_letter;
  Publisher* outputs = nullptr;  // where what handlers publish goes; it ends before the route
  std::function<void(bool ready, std::string_view state, std::string_view reason)> report;
  // Where messages have offsets and the host keeps a crash journal; the quarantine outlives the
  // route.
  CrashJournal::Route journal{};
  Quarantine* quarantine = nullptr;
};

class Route final : public Settler, private Lane::Work, private Quarantine::Member {
 public:
  explicit Route(RouteParts parts);
  ~Route() override;  // after stop() returned true

  // Once, before start(): one instance a lane.
  void add_lane(std::unique_ptr<HandlerInstance> instance);
  void start();

  // ---- the consumer's control thread
  void assigned(std::vector<std::unique_ptr<PartitionQueue>> queues);
  // Hands out no more and waits until nothing is in a handler's hands or on its way to the
  // dead-letter topic, at most until the deadline. What to commit then.
  std::vector<Offset> drain(Milliseconds deadline);
  void revoked();  // gives every partition up; the queues are gone when this returns
  // Runs it when every record that was taken out of a queue is the route's, and before the next one
  // is taken. It must neither wait for a lane nor call the route.
  void while_none_pulls(const std::function<void()>& work);
  std::vector<Offset> committable();
  std::vector<Offset> positions();  // see Dispatcher
  void commit_failed();             // committable() names everything once more
  std::vector<Gap> take_gaps();
  void lost(std::int64_t offsets);  // of a gap: removed before they were read
  // See lease.hpp. A length of the group's session, less what a heartbeat may be old; before
  // assigned().
  void start_lease(Milliseconds length) { lease_.start(length); }
  bool lease_lapsed() const { return lease_.lapsed(); }
  // The brokers have confirmed the assignment.
  void grant_lease();

  // A partition queue has become non-empty. Any thread that holds no lock of this route, cheap.
  void wake();

  // Nobody waits for the answer to this HTTP request any more. Any thread; `fetched` stays the
  // caller's until it has been given back.
  void withdraw(const void* fetched);

  // Until resume() nothing is handed to handlers; what they have is settled, and what waits goes on
  // waiting. Waits for what they have, at most until the deadline; false: they still have some.
  // Any thread, one call at a time.
  bool pause(Milliseconds deadline);
  void resume();

  Numbers numbers();  // any thread

  // ---- from one route to the next of the same group, which reads the same topics
  // What the group has settled until quiesce() and the end of the assignment: also what the commits
  // did not take along. After the consumer has given everything up.
  std::vector<Offset> settled() { return std::move(left_); }
  // Before start(): is not handled again by this one's first assignment.
  void take_over(std::vector<Offset> settled) { inherited_ = std::move(settled); }

  // ---- the end, in this order, by the thread that set the route up
  // Hands out no more and has the handlers settle what is pending. May hang as long as a plugin's
  // drain() does.
  void quiesce(Milliseconds deadline);
  // After the consumer has given everything up. False: a handler hangs; then the route must be left
  // alone, never destroyed, and the process ends by _exit.
  bool stop(Milliseconds deadline);
  // After that: nobody has anything on its way of which the route would still be told. Until then
  // it may not be destroyed, unless whoever tells it is gone.
  bool forgotten();

  bool settle(gantry_slot slot, const gantry_outcome& outcome) override;
  bool reply(gantry_slot slot, HttpReply&& reply) override;
  bool read_headers(gantry_slot slot, const ReadHeaders& read) override;
  std::int32_t publish(gantry_slot slot, const MakeRecord& make) override;
  const config::Route& config() const { return parts_.config; }
  const HandlerTraits& traits() const { return parts_.traits; }

 private:
  using Lock = std::unique_lock<std::mutex>;

  bool exchange(Lane& lane, Claim& claim, const Outcome& rest) override;
  bool halted() const override {
    return halted_.load(std::memory_order_relaxed) || paused_.load(std::memory_order_relaxed) ||
           dispatcher_.room_is_scarce() || !lease_.valid();
  }
  Hands hands() override;
  void turn_over() override;

  Start start_of(const PartitionQueue& queue) const;
  OffsetRanges settled_before(const PartitionQueue& queue) const;

  // ---- records (pulling.cpp)
  struct Source {
    std::unique_ptr<PartitionQueue> queue;
    Partition* partition;
  };
  bool may_pull(const Lane& lane) const;
  bool comes_too_early(const Lane& lane) const;
  void pull(std::size_t batch, Lock& lock, Effects& effects);
  void refuse_what_comes(Lock& lock, Effects& effects);
  bool pull_at_most(std::size_t most);
  std::size_t pull(const Source& source, std::size_t most);
  void expect_back(Lane& lane, bool expected);
  void wait_to_be_woken(Lane& lane, Lock& lock);
  void wake_lane();
  void wake_all_lanes();
  void wake_waiting_lane();

  // ---- the clock's thread (clock.cpp)
  void run_clock();
  void renew_lease();
  void watch(Time now);  // stuck handlers, health
  void report();
  void wait_for_what_is_due(Time now);
  void wake_clock();

  // ---- suspects of a crash (turn.cpp)
  enum class Turn { none, waits, alone };
  void mind_turn();
  void enter_turn(Turn turn, Dispatcher::Handing handing);
  bool wants_turn(Time now) const;
  bool overdue(const Lane& lane, Time now) const;
  Hands hands(Time now) const;
  bool take(Lane& lane, Claim& claim);

  // Calls `use` with the delivery of a slot that a handler may still settle; false: there is none.
  template <typename Use>
  bool with_unsettled(gantry_slot slot, const Use& use) {
    if (!parts_.traits.may_pend) {
      Delivery* delivery = Lane::unsettled_in_call(this, slot);
      if (delivery != nullptr) use(*delivery);
      return delivery != nullptr;
    }
    const Lock lock{mutex_};
    Delivery* delivery = dispatcher_.unsettled(slot);
    if (delivery != nullptr) use(*delivery);
    return delivery != nullptr;
  }

  void apply(Effects& effects);  // without the mutex
  void send(DeadLetterJob job);
  void send_records();
  bool send_some();
  void recall();
  void record_done(Outgoing* sent, const PublishResult& result);
  void after_settle();  // under the mutex: who has to wake up

  RouteParts parts_;
  std::mutex mutex_;                 // guards dispatcher_ and what follows
  std::condition_variable changed_;  // idle(), lanes ending
  Dispatcher dispatcher_;
  std::deque<CallTimes> call_times_;  // one a lane, which it outlives
  std::vector<std::unique_ptr<Lane>> lanes_;
  Canceller canceller_;
  std::vector<Lane*> waiting_;                  // for something to do; the last came last
  std::atomic<std::size_t> waiting_lanes_{0};   // of them; written under the mutex, as the next one
  std::atomic<std::size_t> expected_lanes_{0};  // see expect_back()
  std::size_t ended_lanes_ = 0;
  std::atomic<int> being_told_{0};  // calls of `done` that have not returned
  bool sending_ = false;            // a thread hands records to the publisher
  bool stopping_ = false;
  Time last_deadline_ = Time::max();  // of quiesce(): no drain waits longer
  bool assigned_ = false;
  std::atomic<bool> records_{false};       // queues may have some; set without the mutex
  bool pulling_ = false;                   // somebody is at the queues
  bool waits_for_room_ = false;            // a queue was passed by, since its partition had enough
  Time clock_sleeps_until_ = Time::min();  // something due before that has to wake it
  std::string ended_queue_;                // why nothing more comes of it; empty: all are well
  std::string stuck_;                      // which handler call does not return; empty: none
  std::vector<Offset> left_;               // of the last assignment
  std::vector<Offset> inherited_;          // of the control thread, until the first assignment
  std::atomic<bool> halted_{false};
  std::atomic<bool> paused_{false};
  std::atomic<bool> quiescing_{false};  // the plugin's drain() may be running
  Lease lease_;

  std::mutex report_mutex_;  // what is told last is the newest; before mutex_

  std::mutex send_mutex_;  // held from a record's taking until the publisher has it; before mutex_
  std::vector<Outgoing*> to_send_;
  bool send_failed_ = false;

  std::mutex queues_mutex_;  // held by whoever pulls; taken before mutex_
  std::vector<Source> sources_;
  std::size_t next_source_ = 0;   // where the next pull begins
  std::vector<Delivery*> spare_;  // acquired

  std::thread clock_;
  std::mutex clock_mutex_;
  std::condition_variable clock_wake_;
  bool clock_asked_ = false;  // under clock_mutex_
  Turn turn_ = Turn::none;    // of the quarantine; written by the clock's thread, under mutex_
  std::atomic<bool> clock_ends_{false};
  Time next_watch_{};
};

}  // namespace gantry::route
