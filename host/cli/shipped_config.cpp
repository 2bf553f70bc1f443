#include "cli/shipped_config.hpp"

#include <system_error>

namespace gantry::cli {
namespace fs = std::filesystem;

namespace {

constexpr const char* kInstalled = "/etc/gantry/gantry.toml";

}  // namespace

fs::path shipped_config() {
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error);
  // build/PRESET/bin/gantry
  const fs::path build = program.parent_path().parent_path();
  const fs::path sources = build.parent_path().parent_path();
  const fs::path config = sources / "conf/gantry.toml";
  if (fs::exists(build / "CMakeCache.txt", error) && fs::exists(config, error)) return config;
  return kInstalled;
}

fs::path shipped_routes() {
  const fs::path config = shipped_config();
  if (config != kInstalled) return config.parent_path() / "routes.d";
  return GANTRY_SHARED "/routes.d";
}

fs::path shipped_templates() {
  const fs::path config = shipped_config();
  if (config != kInstalled) return config.parent_path().parent_path() / "plugin-api/templates";
  return GANTRY_SHARED "/templates";
}

}  // namespace gantry::cli
