// Who changed what: each command that settles, deletes or releases something says so in the log and
// in the system's log (syslog, the journal). The command's thread.
#pragma once

#include <string>
#include <string_view>

#include "observe/log.hpp"

namespace gantry::cli {

// "alice@ops-1": the user, behind sudo the one who called it, and this machine.
std::string who();

// what: a constant sentence, "dead letters replayed". The first field is {"by", who()}.
void log_action(std::string_view what, log::Fields fields);

}  // namespace gantry::cli
