#include "service/run.hpp"

#include <pthread.h>
#include <signal.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

#include <condition_variable>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <mutex>
#include <thread>

#include "observe/log.hpp"
#include "service/host.hpp"

namespace gantry::service {
namespace {

constexpr int kConfigError = 78;  // EX_CONFIG of sysexits.h

// Blocked before any thread is made, so that only this one takes them.
sigset_t block_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&signals, signal);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  signal(SIGPIPE, SIG_IGN);  // a closed connection is an error code, not an end
  return signals;
}

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

void wait_for_end(const sigset_t& signals) {
  int signal = 0;
  while (sigwait(&signals, &signal) == 0 && signal == SIGHUP)
    log::warning("service", "SIGHUP: this version does not reload; restart to change anything", {});
  log::info("service", signal == SIGTERM ? "SIGTERM" : "SIGINT", {});
}

// True: everything has ended and may be destroyed.
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

}  // namespace

int run(const std::filesystem::path& config_file) {
  const sigset_t signals = block_signals();
  std::unique_ptr<Host> host;
  try {
    Prepared prepared = prepare(config_file);
    log::configure(log_format(prepared.config.log.format), log_level(prepared.config.log.level));
    host = std::make_unique<Host>(std::move(prepared));
    host->start();
  } catch (const config::Invalid& invalid) {
    std::cerr << invalid.what() << '\n';
    return kConfigError;
  } catch (const plugin::SetupError& error) {
    std::cerr << "gantry: " << error.what() << '\n';
    return kConfigError;
  } catch (const std::exception& error) {
    std::cerr << "gantry: " << error.what() << '\n';
    return EXIT_FAILURE;
  }
  sd_notify(0, "READY=1");
  wait_for_end(signals);
  sd_notify(0, "STOPPING=1");
  if (!stop_in_time(*host)) {
    log::flush();
    _exit(EXIT_SUCCESS);  // a hanging handler's threads still run: no destructor may
  }
  host.reset();
  log::info("service", "ended", {});
  log::flush();
  return EXIT_SUCCESS;
}

}  // namespace gantry::service
