// The commands of the control socket, done to the host: what was done, by whom, and the answer. On
// the control socket's thread.
#pragma once

#include <optional>

#include "control/command.hpp"

namespace gantry::service {

class Host;

control::Answer execute(Host& host, const control::Command& command);

// Host::reload(), told to the log and to systemd. `by`: who has asked for it; none: a signal.
control::Answer reload(Host& host, const std::optional<control::Peer>& by);

}  // namespace gantry::service
