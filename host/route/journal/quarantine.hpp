// Who in this process may hand out messages, while one that is suspected of having crashed it is
// handled alone: one at a time in all routes, with nothing else in any handler's hands. One for the
// process; it outlives the routes.
//
// A route that has a suspect asks for the turn. From then on no other route hands out anything, and
// when all handlers have returned what they had, but for those that keep it longer than they may,
// the suspects of that route are handled, one by one; then the turn is over.
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>
#include <vector>

#include "route/journal/crash_journal.hpp"

namespace gantry::route {

// A suspect as its partition waits for it.
struct AwaitedSuspect {
  std::int64_t offset;
  std::int64_t timestamp_ms;
  std::uint32_t crashes;
  std::uint32_t number;  // in the journal
};

// What the handlers of a route have in their hands: nothing; only what they keep for longer than
// they may (see handler_deadline_ms), which is waited for no more; or more than that.
enum class Hands { empty, kept, busy };

class Quarantine {
 public:
  class Member {
   public:
    virtual ~Member() = default;
    virtual Hands hands() = 0;
    virtual void turn_over() = 0;  // it may hand out again
  };

  explicit Quarantine(CrashJournal& journal);

  void join(Member& member);   // before any asks for a turn
  void leave(Member& member);  // a turn of its own is over

  // Ascending by offset. Any thread.
  std::vector<AwaitedSuspect> awaited(const std::string& group, const std::string& topic,
                                      std::int32_t partition) const;
  void clear(std::uint32_t suspect) { journal_.clear(suspect); }

  // Whether another one has the turn. Asked under the member's own mutex before it hands out, so
  // that nothing is handed out any more once in_hands() was asked of all of them. Any thread.
  bool closed_to(const Member& member) const {
    const Member* turn = turn_.load(std::memory_order_acquire);
    return turn != nullptr && turn != &member;
  }

  // ---- by the member that it names, and without its mutex
  bool ask(Member& member);  // false: another one has the turn
  Hands hands();             // of all
  void release(Member& member);

  // By the member that has the turn: whether its suspects are all that is in anybody's hands.
  void strictly_alone(bool strictly) { journal_.strictly_alone(strictly); }

 private:
  CrashJournal& journal_;
  std::atomic<Member*> turn_{nullptr};
  mutable std::mutex mutex_;  // guards members_; taken before a member's own
  std::vector<Member*> members_;
};

}  // namespace gantry::route
