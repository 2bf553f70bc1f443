#include "cli/action_log.hpp"

#include <pwd.h>
#include <syslog.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>

#include "observe/line.hpp"

namespace gantry::cli {
namespace {

std::string user() {
  // Only root can be made to believe in a name; whoever else sets it, is shown as who he is.
  const char* caller = geteuid() == 0 ? std::getenv("SUDO_USER") : nullptr;
  if (caller != nullptr && *caller != '\0') return caller;
  const passwd* entry = getpwuid(geteuid());
  return entry != nullptr ? entry->pw_name : std::to_string(geteuid());
}

}  // namespace

std::string who() {
  char host[256] = {};
  if (gethostname(host, sizeof host - 1) != 0) return user();
  return user() + '@' + host;
}

void log_action(std::string_view what, log::Fields fields) {
  const std::string line = observe::text_line({std::chrono::system_clock::now(),
                                               log::Level::info,
                                               "command",
                                               what,
                                               {fields.begin(), fields.size()}});
  syslog(LOG_NOTICE | LOG_USER, "%s", line.c_str());
  log::info("command", what, fields);
}

}  // namespace gantry::cli
