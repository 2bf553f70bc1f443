// `gantry run`: the host from its configuration to its end. The calling thread takes the signals.
#pragma once

#include <filesystem>

namespace gantry::service {

// Exit code: 0 after SIGTERM or SIGINT, 78 for a configuration that is not valid, 1 when the host
// can't start. Errors go to standard error. Blocks until the end.
int run(const std::filesystem::path& config_file);

}  // namespace gantry::service
