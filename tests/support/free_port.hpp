// A TCP port of 127.0.0.1 that nobody listens on. Below the ephemeral range, so that no outgoing
// connection takes it while a stopped server is to come back on it. Any thread.
#pragma once

#include <cstdint>

namespace gantry::test {

std::uint16_t free_port();

}  // namespace gantry::test
