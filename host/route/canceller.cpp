#include "route/canceller.hpp"

namespace gantry::route {

void Canceller::add(std::span<const gantry_slot> slots) {
  if (slots.empty()) return;
  {
    const std::lock_guard lock{mutex_};
    slots_.insert(slots_.end(), slots.begin(), slots.end());
  }
  wake_.notify_one();
}

bool Canceller::stop(std::chrono::steady_clock::time_point deadline) {
  if (!thread_.joinable()) return true;
  {
    std::unique_lock lock{mutex_};
    ends_ = true;
    wake_.notify_one();
    if (!ended_changed_.wait_until(lock, deadline, [this] { return ended_; })) return false;
  }
  thread_.join();
  return true;
}

void Canceller::run() {
  std::unique_lock lock{mutex_};
  while (true) {
    wake_.wait(lock, [this] { return ends_ || !slots_.empty(); });
    if (ends_) break;
    const gantry_slot slot = slots_.front();
    slots_.pop_front();
    lock.unlock();
    cancel_(slot);
    lock.lock();
  }
  ended_ = true;
  ended_changed_.notify_all();
}

}  // namespace gantry::route
