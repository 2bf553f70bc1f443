// Keeps what is settled of a key without holes. A key goes on while a record of it is still on its
// way to the brokers, so later records of the key are handled before that one is settled. Were they
// settled at once, a restart would skip them and deliver the earlier one alone: after them, though
// it may succeed this time. So they are settled after it. Guarded by the route's mutex.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <map>
#include <vector>

#include "route/dispatch/frontier.hpp"

namespace gantry::route {

class SettleOrder {
 public:
  bool empty() const { return keys_.empty(); }
  void clear();
  // What it holds, about: a key whose dead letter is not acknowledged goes on meanwhile, and all
  // that is settled of it is kept here.
  std::uint64_t bytes() const { return records_ * kRecordBytes; }

  // The key goes on, but this record of it is not settled before settle() names it.
  void pass(std::uint64_t key, Frontier::Sequence sequence);

  // Settles it in the frontier, and what waited for it alone; or not before those that were passed.
  void settle(std::uint64_t key, Frontier::Sequence sequence, Frontier& frontier);

 private:
  using Waiting = std::map<Frontier::Sequence, bool>;  // whether it may be settled; the first not
  static constexpr std::uint64_t kRecordBytes = 64;  // a map's node, as the allocator hands it out

  boost::unordered_flat_map<std::uint64_t, Waiting> keys_;
  std::uint64_t records_ = 0;  // of all keys
};

}  // namespace gantry::route
