// One thread with its own handler instance: takes a claim, calls the handler, hands the outcomes
// back.
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <thread>
#include <vector>

#include "route/dispatch/call_times.hpp"
#include "route/journal/crash_journal.hpp"
#include "route/message/handler.hpp"
#include "route/message/outcome.hpp"
#include "route/message/time.hpp"

namespace gantry::route {

class Lane {
 public:
  // What a lane needs of its route. All calls from the lane's thread.
  class Work {
   public:
    virtual ~Work() = default;
    // Settles `done` (empty at first) and waits for the next claim. False: the lane ends.
    virtual bool exchange(Lane& lane, Claim& claim, const Outcome& rest) = 0;
    virtual bool halted() const = 0;  // what is not begun goes back
  };

  // times: outlives it. journal: where it notes what it hands to the handler.
  Lane(std::unique_ptr<HandlerInstance> instance, const HandlerTraits& traits, Work& work,
       CallTimes& times, JournalHand journal = {});

  void start(std::string_view route);  // whose name its thread gets
  // The calling thread has seen that the lane has ended.
  void join() { thread_.join(); }
  // A handler that hangs: its thread is left alone, and whoever owns this lane must keep it, with
  // its instance, for the rest of the process.
  void abandon() { thread_.detach(); }

  HandlerInstance& instance() { return *instance_; }
  std::size_t limit() const { return limit_; }
  // How many messages one call may have.
  std::size_t batch() const { return together() ? limit_ : 1; }
  // It handles a message in less time than it takes to hand one to another core.
  bool quick() const { return slow_claims_ < kSlowClaims; }

  // ---- for the route's watch, any thread
  // How long the lane has been in one call of the handler; 0: it is not in a call.
  Clock::duration in_call(Time now) const;
  // Under the route's mutex: takes back what the lane has not begun. Index of the first of those;
  // none: the claim's size.
  std::size_t steal(std::size_t size) {
    return std::min<std::size_t>(next_.exchange(kStolen), size);
  }
  Claim& claim() { return claim_; }
  // Under the route's mutex: the claim is filled, and may be taken back from now on.
  void begin();
  std::vector<gantry_slot> slots_in_call() const;  // under the route's mutex
  bool reported_stuck = false;                     // of the route's watch
  bool expected = false;                           // of the route, under its mutex, as the next
  bool woken = false;
  std::condition_variable wake;

  // Settles a slot of the call that this very thread is in. False: it is not in such a call.
  static bool settle_in_call(const Work* work, gantry_slot slot, const gantry_outcome& outcome,
                             bool& accepted);

  // The delivery of a slot of this thread's call that nobody has settled; nullptr: there is none.
  static Delivery* unsettled_in_call(const Work* work, gantry_slot slot);

 private:
  static constexpr std::uint32_t kStolen = 1u << 30;
  static constexpr std::uint32_t kSlowClaims = 3;  // one may have been preempted

  bool together() const { return traits_.max_batch > 1 || traits_.may_pend; }
  void run();
  void handle_together();
  void handle_one_by_one();
  void call(std::size_t index, std::size_t count, Time began, Outcome& rest);
  void adapt(std::size_t count, Clock::duration took);

  std::unique_ptr<HandlerInstance> instance_;
  const HandlerTraits traits_;
  Work& work_;
  CallTimes& times_;
  JournalHand journal_;
  std::thread thread_;

  Claim claim_;
  Outcome rest_;  // for the slots nobody settled
  std::vector<const gantry_message*> messages_;
  std::size_t limit_ = 1;
  std::uint32_t slow_claims_ = kSlowClaims;  // in a row
  std::uint32_t claimed_ = 0;                // of the claim when it began
  std::atomic<std::uint32_t> next_{0};       // index of the next message to begin
  std::atomic<Clock::rep> call_began_{0};
};

}  // namespace gantry::route
