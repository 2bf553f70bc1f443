// The keys that have work in a route, the queue of those that are ready for a lane, and the parking
// place of those whose first message waits for its next attempt. A key exists exactly while one of
// its messages is unsettled: a key is bound to a lane only while it is in that lane's hands, and
// costs nothing at rest. Guarded by the route's mutex.
//
// Keys are told apart by a 64-bit hash. Two keys with the same hash would wait for each other,
// which harms nobody.
#pragma once

#include <gantry/abi.h>

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <vector>

#include "route/dispatch/partition.hpp"
#include "route/message/delivery.hpp"
#include "route/message/time.hpp"

namespace gantry::route {

enum class KeyState : std::uint8_t {
  idle,   // not in use
  ready,  // in the ready queue
  taken,  // its first `taken` messages are in a lane's hands, or pending
  parked  // its first message waits for its back-off
};

// Parked keys by the time they are due.
using Parked = std::multimap<Time, struct Key*>;

struct Key {
  std::uint64_t hash = 0;
  KeyState state = KeyState::idle;
  bool shared = false;        // found by hash; else it is one unordered message
  std::uint32_t taken = 0;    // how many from the head are in a handler's hands
  std::uint32_t waiting = 0;  // messages in all
  Delivery* head = nullptr;
  Delivery* tail = nullptr;
  Key* before = nullptr;  // in the ready queue
  Key* after = nullptr;
  Parked::iterator parked_at{};  // while parked

  void append(Delivery* delivery);
  void prepend(Delivery* delivery);
  Delivery* pop();  // the head
  // Takes off what stands behind the first `keep` and returns it chained by `next`. The first ones
  // are not touched: a lane may be looking at them.
  Delivery* cut(std::uint32_t keep);
};

class Keys {
 public:
  // The key of this hash, made when there is none.
  Key* find_or_make(std::uint64_t hash);
  // A key for one message that needs no order.
  Key* make_unordered();
  void erase(Key* key);

  void ready_last(Key* key);
  void ready_first(Key* key);
  Key* take_ready();  // nullptr: none
  Key* first_ready() const { return first_; }
  std::size_t ready_count() const { return ready_; }

  // Every key in use; the visitor may erase the one it is given.
  template <typename Visit>
  void each(Visit visit) {
    for (Key& key : pool_)
      if (key.state != KeyState::idle) visit(&key);
  }

  void park(Key* key, Time due);
  std::optional<Time> next_due() const;
  Key* take_due(Time now);  // a parked key whose time has come, in no queue; nullptr: none
  std::size_t parked_count() const { return parked_.size(); }

 private:
  Key* make();
  void unready(Key* key);

  boost::unordered_flat_map<std::uint64_t, Key*> by_hash_;
  std::deque<Key> pool_;  // stable addresses
  std::vector<Key*> free_;
  Key* first_ = nullptr;
  Key* last_ = nullptr;
  std::size_t ready_ = 0;
  Parked parked_;
};

std::uint64_t hash_key(gantry_bytes key, const Partition* partition);

}  // namespace gantry::route
