// Whether somebody wants this process to end: Ctrl-C, SIGTERM, a closed terminal. Every wait of a
// development environment goes through here, so that it can be broken off anywhere. The main
// thread's; the signals are blocked (service::block_signals).
#pragma once

#include <signal.h>

#include <chrono>
#include <functional>
#include <stdexcept>
#include <string>

namespace gantry::embedded {

class Interrupted : public std::runtime_error {
 public:
  explicit Interrupted(int signal) : std::runtime_error("interrupted"), signal_(signal) {}
  int signal() const { return signal_; }

 private:
  int signal_;
};

class Interrupts {
 public:
  explicit Interrupts(const sigset_t& signals) : signals_(signals) {}

  // Both throw Interrupted when a signal came.
  void pause(std::chrono::milliseconds time) const;
  // Looks until `done` says true; std::runtime_error with what `what` says when it never does.
  void wait_until(const std::function<bool()>& done, std::chrono::milliseconds timeout,
                  const std::function<std::string()>& what) const;

 private:
  sigset_t signals_;
};

}  // namespace gantry::embedded
