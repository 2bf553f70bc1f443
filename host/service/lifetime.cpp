#include "service/lifetime.hpp"

#include <pthread.h>

#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>

#include "observe/log.hpp"

namespace gantry::service {
namespace {

log::Format log_format(config::LogFormat format) {
  return format == config::LogFormat::json ? log::Format::json : log::Format::text;
}

log::Level log_level(config::LogLevel level) {
  switch (level) {
    case config::LogLevel::debug:
      return log::Level::debug;
    case config::LogLevel::warning:
      return log::Level::warning;
    case config::LogLevel::error:
      return log::Level::error;
    default:
      return log::Level::info;
  }
}

}  // namespace

sigset_t block_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&signals, signal);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  signal(SIGPIPE, SIG_IGN);  // a closed connection is an error code, not an end
  return signals;
}

void configure_log(const config::Log& log) {
  log::Levels levels;
  for (const auto& [component, level] : log.levels) levels[component] = log_level(level);
  log::configure(log_format(log.format), log_level(log.level), std::move(levels));
}

bool stop_in_time(Host& host) {
  struct Result {
    std::mutex mutex;
    std::condition_variable done;
    bool ended = false;
    bool clean = false;
  };
  // Shared with a thread that may be left behind in a plugin that does not return.
  auto result = std::make_shared<Result>();
  std::thread stopping{[&host, result] {
    const bool clean = host.stop();
    const std::lock_guard lock{result->mutex};
    result->ended = true;
    result->clean = clean;
    result->done.notify_one();
  }};
  std::unique_lock lock{result->mutex};
  if (result->done.wait_for(lock, host.longest_stop(), [&] { return result->ended; })) {
    lock.unlock();
    stopping.join();
    return result->clean;
  }
  stopping.detach();
  log::error(
      "service",
      "stopping took too long; the process ends now, nothing that is not settled was committed",
      {});
  return false;
}

}  // namespace gantry::service
