// From files to values: gantry.toml and the routes.d/*.toml beside it, in name order. Checks the
// form (TOML, types, ranges, unknown keys, names that appear twice); what the values mean together
// is validate's. Start-up, one thread.
#pragma once

#include <filesystem>

#include "config/problem.hpp"

namespace gantry::config {

// What could be read, and everything that is wrong with it; fields that are wrong have their
// default.
struct Loaded {
  Config config;
  Problems problems;
  bool complete = false;  // gantry.toml itself is TOML, so that the rest can be judged
};
Loaded load_all(const std::filesystem::path& file);

// As load_all; throws Invalid when there is any problem.
Config load(const std::filesystem::path& file);

}  // namespace gantry::config
