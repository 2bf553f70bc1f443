#include "route/journal/quarantine.hpp"

#include <algorithm>

namespace gantry::route {

Quarantine::Quarantine(CrashJournal& journal) : journal_(journal) {}

void Quarantine::join(Member& member) {
  const std::lock_guard lock{mutex_};
  members_.push_back(&member);
}

void Quarantine::leave(Member& member) {
  release(member);
  const std::lock_guard lock{mutex_};
  std::erase(members_, &member);
}

std::vector<AwaitedSuspect> Quarantine::awaited(const std::string& group, const std::string& topic,
                                                std::int32_t partition) const {
  std::vector<AwaitedSuspect> found;
  std::uint32_t number = 0;
  for (const Suspect& suspect : journal_.last_run().suspects) {
    const JournaledMessage& m = suspect.message;
    if (m.partition == partition && m.topic == topic && m.group == group &&
        !journal_.cleared(number))
      found.push_back({m.offset, m.timestamp_ms, suspect.crashes, number});
    ++number;
  }
  std::ranges::sort(found, {}, &AwaitedSuspect::offset);
  return found;
}

bool Quarantine::ask(Member& member) {
  Member* none = nullptr;
  return turn_.compare_exchange_strong(none, &member);
}

Hands Quarantine::hands() {
  const std::lock_guard lock{mutex_};
  Hands all = Hands::empty;
  for (Member* member : members_) all = std::max(all, member->hands());
  return all;
}

void Quarantine::release(Member& member) {
  Member* turn = &member;
  if (!turn_.compare_exchange_strong(turn, nullptr)) return;
  strictly_alone(false);
  const std::lock_guard lock{mutex_};
  for (Member* other : members_) other->turn_over();
}

}  // namespace gantry::route
