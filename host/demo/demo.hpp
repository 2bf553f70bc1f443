// The demo: both sequences of the design document on a few hundred requests, with what goes wrong
// in real life, and whether all numbers agree afterwards. The main thread's.
#pragma once

#include <filesystem>

namespace gantry::demo {

struct Options {
  std::filesystem::path config_file;
  bool log_to_stderr = false;
};

// The exit code: 0 when all numbers agree, 1 when some do not. Throws as embedded::run_development.
int run(const Options& options);

}  // namespace gantry::demo
