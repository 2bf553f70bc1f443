#include "watchdog.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

namespace postgres {

Watchdog::~Watchdog() {
  {
    const std::lock_guard lock(mutex_);
    quit_ = true;
    if (socket_ >= 0) close(socket_);
  }
  changed_.notify_one();
  if (thread_.joinable()) thread_.join();
}

void Watchdog::watch(int socket, std::chrono::milliseconds limit) {
  const std::lock_guard lock(mutex_);
  if (socket_ >= 0) close(socket_);
  socket_ = fcntl(socket, F_DUPFD_CLOEXEC, 0);
  end_ = std::chrono::steady_clock::now() + limit;
  fired_ = false;
  if (!thread_.joinable()) thread_ = std::thread([this] { run(); });
  // One that sleeps for the end of an earlier watch looks then, which is early enough.
  if (*end_ < sleeps_until_) changed_.notify_one();
}

bool Watchdog::stop() {
  const std::lock_guard lock(mutex_);
  end_.reset();
  if (socket_ >= 0) close(socket_);
  socket_ = -1;
  return fired_;
}

void Watchdog::run() {
  std::unique_lock lock(mutex_);
  while (!quit_) {
    const auto now = std::chrono::steady_clock::now();
    if (end_ && *end_ <= now) {
      if (socket_ >= 0) shutdown(socket_, SHUT_RDWR);
      fired_ = true;
      end_.reset();
    }
    sleeps_until_ = end_.value_or(Time::max());
    if (end_) {
      changed_.wait_until(lock, sleeps_until_);
    } else {
      changed_.wait(lock);
    }
  }
}

}  // namespace postgres
