#include "service/stall.hpp"

namespace gantry::service {

bool Stall::look(const Seen& seen, config::Milliseconds after, route::Time now) {
  const bool goes_on =
      !seen.assigned || !before_.assigned || seen.settled != before_.settled || seen.lag == 0;
  if (goes_on) {
    // What waits from the beginning of an assignment on has to be worked off, too.
    const bool begins = !before_.assigned;
    before_ = seen;
    if (begins) before_.lag = 0;
    since_ = now;
    return false;
  }
  return seen.lag > before_.lag && now - since_ >= after;
}

}  // namespace gantry::service
