// Ends the wait for a server that never answers: libpq's calls have no time limit, and TCP keeps a
// connection to a frozen server alive for ever. Shuts the socket down when the time is over, so
// that the waiting call fails as on a lost connection. Owned by a Connection, whose thread calls
// everything; has one thread of its own from the first watch() on.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>

namespace postgres {

class Watchdog {
 public:
  Watchdog() = default;
  ~Watchdog();
  Watchdog(const Watchdog&) = delete;
  Watchdog& operator=(const Watchdog&) = delete;

  void watch(int socket, std::chrono::milliseconds limit);
  bool stop();  // whether it had to shut the socket down since watch()

 private:
  using Time = std::chrono::steady_clock::time_point;
  void run();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::optional<Time> end_;
  Time sleeps_until_ = Time::max();  // of the thread
  int socket_ =
      -1;  // a duplicate of ours: libpq may close its own at any time, and the number be another's
  bool fired_ = false;
  bool quit_ = false;
  std::thread thread_;
};

}  // namespace postgres
