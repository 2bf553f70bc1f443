#include "support/wait.hpp"

#include <algorithm>
#include <thread>

namespace gantry::test {

void eventually(const std::function<bool()>& predicate, std::chrono::milliseconds timeout,
                const std::function<std::string()>& what) {
  const auto deadline = std::chrono::steady_clock::now() + timeout;
  auto pause = 5ms;
  while (!predicate()) {
    if (std::chrono::steady_clock::now() >= deadline) {
      throw TimedOut("waited " + std::to_string(timeout.count()) + " ms for: " + what());
    }
    std::this_thread::sleep_for(pause);
    pause = std::min(pause * 2, 200ms);
  }
}

void eventually(const std::function<bool()>& predicate, std::chrono::milliseconds timeout,
                const std::string& what) {
  eventually(predicate, timeout, [&] { return what; });
}

}  // namespace gantry::test
