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
  changed_.notify_one();
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
    if (!end_) {
      changed_.wait(lock);
    } else if (std::chrono::steady_clock::now() < *end_) {
      const auto end = *end_;  // a copy: another end may be set meanwhile
      changed_.wait_until(lock, end);
    } else {
      if (socket_ >= 0) shutdown(socket_, SHUT_RDWR);
      fired_ = true;
      end_.reset();
    }
  }
}

}  // namespace postgres
