// Tells handlers that a delivery's time is over, on a thread of its own: the plugin's cancel() may
// block, and neither the thread that polls for the group nor the one that keeps a route's time may
// wait for it.
#pragma once

#include <gantry/abi.h>

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <span>
#include <thread>

namespace gantry::route {

class Canceller {
 public:
  explicit Canceller(std::function<void(gantry_slot)> cancel) : cancel_(std::move(cancel)) {}
  void start() { thread_ = std::thread{&Canceller::run, this}; }
  void add(std::span<const gantry_slot> slots);
  // Waits for the call under way. False: it has not returned by then.
  bool stop(std::chrono::steady_clock::time_point deadline);
  // A cancel() that hangs: its thread is left alone for the rest of the process.
  void abandon() {
    if (thread_.joinable()) thread_.detach();
  }

 private:
  void run();

  std::function<void(gantry_slot)> cancel_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<gantry_slot> slots_;
  std::condition_variable ended_changed_;
  bool ends_ = false;
  bool ended_ = false;
  std::thread thread_;
};

}  // namespace gantry::route
