// Whose work each thread of this process does, for a signal handler that runs on it: a lane's, that
// of a thread which a plugin made in such a lane, or nobody's that is known.
//
// A plugin's threads take after the one that made them (service/plugin_threads.cpp), since a crash
// on one of them has to do with a message of that route and of no other.
#pragma once

#include <cstdint>

namespace gantry::route {

// As the crash journal writes it: 1 + the number of a lane's hand, or one of these.
namespace owner {
constexpr std::uint32_t kUnknown = 0;       // the host's own threads, and such as nobody saw
constexpr std::uint32_t kNoted = 1u << 30;  // below it: hands
constexpr std::uint32_t kKin = kNoted;      // added: of the route of that hand, any lane of it
constexpr std::uint32_t kUnjournaled = 1u << 31;  // of a route whose messages have no offset (HTTP)

// What a thread is that such a one makes.
constexpr std::uint32_t heir_of(std::uint32_t maker) {
  return maker == kUnknown || maker == kUnjournaled ? maker : maker | kKin;
}
}  // namespace owner

// Of the calling thread. Async-signal-safe.
std::uint32_t thread_owner() noexcept;

// The calling thread works for this one, until the end of the scope.
class WorksFor {
 public:
  explicit WorksFor(std::uint32_t owner) noexcept;
  ~WorksFor();
  WorksFor(const WorksFor&) = delete;
  WorksFor& operator=(const WorksFor&) = delete;

 private:
  const std::uint32_t before_;
};

}  // namespace gantry::route
