#include "service/run.hpp"

#include <signal.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

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

void wait_for_end(const sigset_t& signals, Host& host) {
  int signal = 0;
  while (sigwait(&signals, &signal) == 0 && signal == SIGHUP) reload(host, std::nullopt);
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
