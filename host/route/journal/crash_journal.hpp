// The crash journal of this process: a file in the state directory, mapped, in which lanes note
// what they hand to a handler. It costs plain stores, no system call and no lock, and the kernel
// keeps what was written when the process dies. last_run.hpp reads it at the next start.
//
// A death is only a crash when it is marked as one (mark()): by a signal of the process's own
// making, or by exit() in a handler. SIGKILL, as the kernel sends it when memory runs out, and the
// loss of power mark nothing, and then nobody is suspected: what happened to be in flight has not
// done it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "route/journal/journal_file.hpp"
#include "route/journal/journal_format.hpp"
#include "route/journal/last_run.hpp"
#include "route/journal/thread_owner.hpp"

namespace gantry::route {

// Where one lane, or all of a route, notes what is in its handler's hands. A default one notes
// nothing. Its records are written by whoever owns it: the lane, or under the route's mutex.
class JournalHand {
 public:
  JournalHand() = default;
  JournalHand(journal::Hand* hand, std::uint32_t number)
      : hand_(hand), records_(reinterpret_cast<journal::Record*>(hand + 1)), owner_(number + 1) {}

  std::uint32_t capacity() const { return hand_ == nullptr ? 0 : hand_->capacity; }
  void put(std::uint32_t at, const journal::Record& record) {
    if (at < capacity()) records_[at] = record;
  }
  // The first `count` records count from now on. Not before they were written: the process may die
  // between any two stores, though never out of their order.
  void hold(std::size_t count) {
    if (hand_ == nullptr) return;
    __atomic_store_n(&hand_->count,
                     static_cast<std::uint32_t>(count < hand_->capacity ? count : hand_->capacity),
                     __ATOMIC_RELEASE);
  }
  // What a thread that works for this one crashes with, it has in this hand.
  std::uint32_t owner() const { return owner_; }

 private:
  journal::Hand* hand_ = nullptr;
  journal::Record* records_ = nullptr;
  std::uint32_t owner_ = owner::kUnjournaled;
};

// A route whose messages have offsets.
struct JournaledRoute {
  std::string name;
  std::string group;
  std::vector<std::string> topics;
  std::uint32_t hands = 1;     // lanes, or 1 where messages may stay in hands beyond the call
  std::uint32_t capacity = 1;  // messages that a hand may hold
  bool pends = false;
};

class CrashJournal {
 public:
  static constexpr std::uint32_t kMostInHand = 16'384;  // beyond it, nothing is noted

  // What a route needs of it.
  struct Route {
    std::vector<JournalHand> hands;
    std::map<std::string, std::uint32_t> topics;  // by name
  };

  // Takes the file over for this process and reads it. Throws std::system_error, also where another
  // process has it.
  explicit CrashJournal(const std::filesystem::path& file);
  CrashJournal(const CrashJournal&) = delete;
  CrashJournal& operator=(const CrashJournal&) = delete;

  const LastRun& last_run() const { return last_; }
  // Once: the journal of this run, in place of the last one's. Throws std::system_error; then the
  // last one's is still there.
  void begin(const std::vector<JournaledRoute>& routes);
  // Routes that come later, also in place of one of the same name. Throws std::system_error, and
  // then nothing has changed.
  void add(const std::vector<JournaledRoute>& routes);
  // The messages of the route of this name have no offsets any more.
  void leave_out(const std::string& name) { routes_.erase(name); }
  Route route(const std::string& name) const;

  // ---- suspects, by their place in last_run().suspects; any thread
  void clear(std::uint32_t suspect);
  bool cleared(std::uint32_t suspect) const;
  // From now on only a suspect is in any handler's hands, or again others may be.
  void strictly_alone(bool strictly);

  // The calling thread is about to die of this signal, or journal::kExit. May be called in a signal
  // handler. The first mark stays.
  void mark(std::int32_t signal) noexcept;
  void unmark() noexcept;  // it did not die after all

  // A clean end: nothing is left of it but the suspects that were not settled.
  void close();

 private:
  void append(const std::vector<JournaledRoute>& routes, const std::vector<Suspect>& suspects);
  char* room_for(std::size_t size, std::uint32_t first_topic);
  void number_topics(const std::vector<JournaledRoute>& routes,
                     const std::vector<Suspect>& suspects);
  char* write_topics(char* at, std::uint32_t from) const;
  char* write_hands(char* at, const std::vector<JournaledRoute>& routes);
  void write_suspects(char* at, const std::vector<Suspect>& suspects);

  JournalFile file_;
  LastRun last_;
  journal::Header* header_ = nullptr;
  journal::SuspectRecord* suspects_ = nullptr;
  std::map<std::string, Route> routes_;
  std::map<std::pair<std::string, std::string>, std::uint32_t> topics_;  // group and topic
  std::uint32_t hands_ = 0;                                              // in all sections
  std::uint32_t journaled_ = 0;                                          // routes, likewise
};

}  // namespace gantry::route
