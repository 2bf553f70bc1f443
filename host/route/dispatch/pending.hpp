// The deliveries whose handler may settle them from any thread, by slot: in a call, or left pending
// after it. Knows their deadlines. Guarded by the route's mutex.
#pragma once

#include <gantry/abi.h>

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "route/journal/crash_journal.hpp"
#include "route/message/outcome.hpp"
#include "route/message/time.hpp"

namespace gantry::route {

class PendingTable {
 public:
  // journal: notes all that a handler may still settle or has not let go of.
  PendingTable(Milliseconds deadline, Milliseconds grace, JournalHand journal);

  // Before the handler is called: it may settle from another thread before handle() returns.
  void enter_call(Claim& claim);
  // handle() has returned: what stays pending stays here until its deadline, everything else is
  // forgotten.
  void leave_call(Claim& claim, Time now);

  struct Settled {
    bool accepted = false;
    // Set: the caller completes it. Not set: handle() is still running, or refused.
    Delivery* delivery = nullptr;
    // Accepted is false, but the handler has let go of it: its key may go on.
    bool late = false;
  };
  // What a handler says of a slot, from any thread. In a call the outcome is put into the claim.
  Settled settle(gantry_slot slot, const gantry_outcome& outcome);

  // The delivery of a slot that is not settled yet and in time; nullptr: there is none.
  Delivery* unsettled(gantry_slot slot) const;

  enum class Expired { deadline, grace };
  struct Expiry {
    gantry_slot slot;
    Delivery* delivery;
    Expired what;
  };
  // The next slot whose time is over: first its deadline (the handler is to be cancelled), then its
  // grace (the key goes on; the slot stays known and its memory valid, owned by `abandon`).
  std::optional<Expiry> next_expired(Time now);
  std::optional<Time> next_due() const;

  // The handler keeps reading `original` although its key goes on: kept until it settles late or
  // the route ends.
  void abandon(gantry_slot slot, Delivery* original);

  // All that a handler may still settle, in a call or after it.
  std::vector<gantry_slot> slots() const;

  std::size_t pending() const { return pending_; }
  std::size_t abandoned() const { return abandoned_; }
  std::size_t timers() const { return deadlines_.size() + graces_.size(); }

 private:
  static constexpr std::size_t kFewTimers = 1024;
  enum class State : std::uint8_t { in_call, pending, cancelled, abandoned };
  struct Entry {
    Delivery* delivery;
    Claim* claim;         // in_call
    std::uint32_t index;  // in the claim
    State state;
    std::uint32_t record;  // in the journal
  };
  using Entries = boost::unordered_flat_map<gantry_slot, Entry>;
  struct Timer {
    Time at;
    gantry_slot slot;
  };

  // A timer whose slot has moved on is stale; the queues are in order of time because each has one
  // fixed span.
  bool stale(const Timer& timer, State expected) const;
  void drop_stale();
  std::uint32_t note(const Delivery& delivery);
  void forget(std::uint32_t record);

  const Milliseconds deadline_;
  const Milliseconds grace_;
  JournalHand journal_;
  std::vector<std::uint32_t> free_records_;
  Entries entries_;
  std::deque<Timer> deadlines_;
  std::deque<Timer> graces_;
  std::size_t pending_ = 0;  // pending and cancelled
  std::size_t abandoned_ = 0;
};

}  // namespace gantry::route
