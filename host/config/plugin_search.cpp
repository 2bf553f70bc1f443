#include "config/plugin_search.hpp"

#include <algorithm>
#include <system_error>

namespace gantry::config {
namespace {

bool is_file(const std::filesystem::path& path) {
  std::error_code error;
  return std::filesystem::is_regular_file(path, error);
}

}  // namespace

std::vector<std::filesystem::path> built_in_plugin_dirs() {
  std::vector<std::filesystem::path> dirs;
  const auto add = [&](const std::filesystem::path& dir) {
    if (std::find(dirs.begin(), dirs.end(), dir) == dirs.end()) dirs.push_back(dir);
  };
  std::error_code error;
  const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe", error);
  if (!error) add(program.parent_path().parent_path() / "lib/gantry/plugins");
  add(GANTRY_INSTALLED_PLUGIN_DIR);
  add("/usr/local/lib/gantry/plugins");
  return dirs;
}

void find_libraries(Config& config, const std::vector<std::filesystem::path>& built_in,
                    Problems& problems) {
  std::vector<std::filesystem::path> dirs = config.plugin_dirs;
  dirs.insert(dirs.end(), built_in.begin(), built_in.end());
  for (Plugin& plugin : config.plugins) {
    const std::filesystem::path library(plugin.library);
    const Origin where = origin_of(config, joined(plugin.origin.path, "library"), plugin.origin);
    if (library.is_absolute()) {
      plugin.file = library;
      if (is_file(library)) continue;
      problems.push_back({where, "there is no file " + library.string(),
                          "install the plugin, or correct the path"});
      continue;
    }
    std::string searched;
    for (const auto& dir : dirs) {
      searched += (searched.empty() ? "" : ", ") + dir.string();
      if (!is_file(dir / library)) continue;
      plugin.file = dir / library;
      break;
    }
    if (!plugin.file.empty()) continue;
    problems.push_back({where, "\"" + plugin.library + "\" is in none of " + searched,
                        "install the plugin there, or add its folder to dirs under [plugins]"});
  }
}

}  // namespace gantry::config
