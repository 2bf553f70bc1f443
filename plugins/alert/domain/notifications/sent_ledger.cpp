#include "sent_ledger.hpp"

namespace notifications {

void SentLedger::add(const std::string& event_id) {
  const std::lock_guard lock(mutex_);
  if (event_ids_.size() < capacity) event_ids_.insert(event_id);
}

bool SentLedger::contains(const std::string& event_id) const {
  const std::lock_guard lock(mutex_);
  return event_ids_.contains(event_id);
}

void SentLedger::remove(std::span<const std::string> event_ids) {
  const std::lock_guard lock(mutex_);
  for (const std::string& event_id : event_ids) event_ids_.erase(event_id);
}

}  // namespace notifications
