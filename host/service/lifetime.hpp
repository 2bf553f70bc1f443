// What every command that runs a host does around it: signals, log, an end that comes in time. The
// main thread's.
#pragma once

#include <signal.h>

#include "config/model.hpp"
#include "service/host.hpp"

namespace gantry::service {

// SIGTERM, SIGINT and SIGHUP are blocked from here on, so that only who waits for them takes them.
// Before any thread is made. A closed connection is an error code from here on, not a signal.
sigset_t block_signals();

void configure_log(const config::Log& log);

// Host::stop() within Host::longest_stop(). True: everything has ended and may be destroyed. False:
// a hanging handler's threads still run, so no destructor may: the process must _exit.
bool stop_in_time(Host& host);

}  // namespace gantry::service
