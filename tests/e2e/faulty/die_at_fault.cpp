// The host for tests, which dies as by `kill -9` at the place that GANTRY_FAULT_POINT names.
#include <signal.h>
#include <unistd.h>

#include <cstdlib>
#include <string_view>

#include "outbox/fault_point.hpp"

namespace gantry::outbox {

void fault_point(const char* name) {
  const char* wanted = std::getenv("GANTRY_FAULT_POINT");
  if (wanted != nullptr && std::string_view(wanted) == name) kill(getpid(), SIGKILL);
}

}  // namespace gantry::outbox
