// Threads inherit the signal mask of whoever starts them. Signals are the service's business: while
// this object lives, what its thread starts gets none.
#pragma once

#include <pthread.h>
#include <signal.h>

namespace gantry::kafka {

class NoSignals {
 public:
  NoSignals() {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  ~NoSignals() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  NoSignals(const NoSignals&) = delete;
  NoSignals& operator=(const NoSignals&) = delete;

 private:
  sigset_t before_;
};

}  // namespace gantry::kafka
