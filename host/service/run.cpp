#include "service/run.hpp"

#include <signal.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <optional>

#include "observe/log.hpp"
#include "service/commands.hpp"
#include "service/lifetime.hpp"

namespace gantry::service {
namespace {

constexpr int kConfigError = 78;  // EX_CONFIG of sysexits.h

// Meanwhile systemd hears that this thread, which takes its signals, is alive; twice as often as
// it asks for (WatchdogSec=). What handlers do is the routes' own watch.
int wait_for_signal(const sigset_t& signals) {
  std::uint64_t asked = 0;
  const bool watched = sd_watchdog_enabled(0, &asked) > 0;
  const std::uint64_t usec = asked / 2;
  const timespec pause{static_cast<time_t>(usec / 1'000'000),
                       static_cast<long>(usec % 1'000'000 * 1000)};
  while (true) {
    if (watched) sd_notify(0, "WATCHDOG=1");
    const int signal = sigtimedwait(&signals, nullptr, watched ? &pause : nullptr);
    if (signal > 0) return signal;
  }
}

void wait_for_end(const sigset_t& signals, Host& host) {
  int signal = 0;
  while ((signal = wait_for_signal(signals)) == SIGHUP) reload(host, std::nullopt);
  log::info("service", signal == SIGTERM ? "SIGTERM" : "SIGINT", {});
}

}  // namespace

int run(const std::filesystem::path& config_file) {
  const sigset_t signals = block_signals();
  std::unique_ptr<Host> host;
  try {
    Prepared prepared = prepare(config_file);
    configure_log(prepared.config.log);
    host = std::make_unique<Host>(std::move(prepared), [config_file](const Overlay& more) {
      return prepare(config_file, Copies::state_dir, more);
    });
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
  wait_for_end(signals, *host);
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
