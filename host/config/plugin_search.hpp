// Where plugin libraries are. Start-up and reload, one thread.
#pragma once

#include <vector>

#include "config/problem.hpp"

namespace gantry::config {

// Always looked in, after [plugins] dirs: ../lib/gantry/plugins from the program, the
// installation's folder, and /usr/local/lib/gantry/plugins. Each once.
std::vector<std::filesystem::path> built_in_plugin_dirs();

// Fills in Plugin::file of every [[plugin]]; reports those that are nowhere, with the folders that
// were searched.
void find_libraries(Config& config, const std::vector<std::filesystem::path>& built_in,
                    Problems& problems);

}  // namespace gantry::config
