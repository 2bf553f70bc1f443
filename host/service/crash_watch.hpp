// Marks the crash journal when this process is about to die by its own doing: of a signal that it
// raised itself (a fault, abort()), or by exit(), quick_exit() or _exit() in a handler. What others
// do to it, by SIGKILL above all, can't be seen and is nobody's fault. The default action follows,
// with the core dump that it would have had.
//
// A plugin whose runtime takes these signals over (a JVM's, Go's) has to hand on those that are not
// its own, as such runtimes do.
#pragma once

#include "route/crash_journal.hpp"

namespace gantry::service {

class CrashWatch {
 public:
  // One at a time. The journal outlives it. Children of a fork() mark nothing.
  explicit CrashWatch(route::CrashJournal& journal);
  ~CrashWatch();
  CrashWatch(const CrashWatch&) = delete;
  CrashWatch& operator=(const CrashWatch&) = delete;
};

}  // namespace gantry::service
