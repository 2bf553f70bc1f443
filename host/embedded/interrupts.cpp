#include "embedded/interrupts.hpp"

namespace gantry::embedded {
namespace {

constexpr std::chrono::milliseconds kLookAgain{20};

}  // namespace

void Interrupts::pause(std::chrono::milliseconds time) const {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(time);
  const timespec limit{seconds.count(), std::chrono::nanoseconds(time - seconds).count()};
  const int signal = sigtimedwait(&signals_, nullptr, &limit);
  if (signal > 0) throw Interrupted(signal);
}

void Interrupts::wait_until(const std::function<bool()>& done, std::chrono::milliseconds timeout,
                            const std::function<std::string()>& what) const {
  const auto deadline = std::chrono::steady_clock::now() + timeout;
  while (!done()) {
    if (std::chrono::steady_clock::now() >= deadline) throw std::runtime_error(what());
    pause(kLookAgain);
  }
}

}  // namespace gantry::embedded
