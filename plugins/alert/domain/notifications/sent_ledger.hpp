// What was sent although the database could not be told: remembered until it can, so that the
// message that comes again is not sent again. One for all lanes of a route, since the message may
// come to another lane. Any thread.
#pragma once

#include <cstddef>
#include <mutex>
#include <span>
#include <string>
#include <unordered_set>

namespace notifications {

class SentLedger {
 public:
  // Beyond it nothing is remembered: the provider's own idempotency key has to do.
  static constexpr std::size_t capacity = 100'000;

  void add(const std::string& event_id);
  bool contains(const std::string& event_id) const;
  void remove(std::span<const std::string> event_ids);

 private:
  mutable std::mutex mutex_;
  std::unordered_set<std::string> event_ids_;
};

}  // namespace notifications
