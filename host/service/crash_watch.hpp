// Marks the crash journal when this process is about to die by its own doing: of a signal that it
// raised itself (a fault, abort()), or by exit(), quick_exit() or _exit() in a handler. What others
// do to it, by SIGKILL above all, can't be seen and is nobody's fault. What follows is what would
// have come without it: the handler that was there before, as that of a plugin's runtime which
// makes an exception of a fault (Go's), and then the process has not died and nothing is marked;
// else the default action, with its core dump.
//
// A plugin whose runtime takes these signals over later has to hand on those that are not its own,
// as such runtimes do.
#pragma once

#include "route/journal/crash_journal.hpp"

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
