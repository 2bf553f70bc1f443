// Which configuration a command takes that is not told one. Start-up.
#pragma once

#include <filesystem>

namespace gantry::cli {

// Of a program in a build tree: the conf/gantry.toml of the sources it was built from, so that a
// developer never gets what a production host has in /etc. Else that of the packages.
std::filesystem::path shipped_config();

// The folder of the routes that `gantry enable` copies: likewise that of the sources, or of the
// packages.
std::filesystem::path shipped_routes();

// The folder of what `gantry new-plugin` writes; that of the packages is there with
// gantry-plugin-dev.
std::filesystem::path shipped_templates();

}  // namespace gantry::cli
