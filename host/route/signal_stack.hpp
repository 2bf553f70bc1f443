// A stack for signal handlers of the calling thread: without one, a handler that runs out of stack
// ends the process before anybody could note whose message did it. For as long as it lives, which
// is for one thread alone.
#pragma once

#include <signal.h>

#include <cstddef>
#include <memory>

namespace gantry::route {

class SignalStack {
 public:
  SignalStack() {
    const stack_t ours{.ss_sp = memory_.get(), .ss_flags = 0, .ss_size = kBytes};
    sigaltstack(&ours, &before_);
  }
  ~SignalStack() { sigaltstack(&before_, nullptr); }
  SignalStack(const SignalStack&) = delete;
  SignalStack& operator=(const SignalStack&) = delete;

 private:
  static constexpr std::size_t kBytes = 64 * 1024;  // AVX-512 registers alone take 3 of them

  std::unique_ptr<char[]> memory_ = std::make_unique_for_overwrite<char[]>(kBytes);
  stack_t before_{};
};

}  // namespace gantry::route
