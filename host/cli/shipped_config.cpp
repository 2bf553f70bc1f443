#include "cli/shipped_config.hpp"

#include <system_error>

namespace gantry::cli {
namespace fs = std::filesystem;

fs::path shipped_config() {
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error);
  // build/PRESET/bin/gantry
  const fs::path build = program.parent_path().parent_path();
  const fs::path sources = build.parent_path().parent_path();
  const fs::path config = sources / "conf/gantry.toml";
  if (fs::exists(build / "CMakeCache.txt", error) && fs::exists(config, error)) return config;
  return "/etc/gantry/gantry.toml";
}

}  // namespace gantry::cli
