#include "service/prepare.hpp"

#include <gantry/abi.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <string>
#include <system_error>
#include <utility>

#include "config/load.hpp"
#include "config/plugin_search.hpp"
#include "config/validate.hpp"
#include "kafka/properties/check.hpp"
#include "outbox/migrations.hpp"

namespace gantry::service {
namespace {

namespace fs = std::filesystem;

// What a plugin may require of this host.
const plugin::ExtensionIds kOffered{GANTRY_HTTP_V1, GANTRY_METRICS_V1, GANTRY_OUTBOX_V1,
                                    GANTRY_PUBLISH_V1};

// Where the copies of this process go; a folder of its own is removed at the end, when everything
// is mapped.
class CopyFolder {
 public:
  CopyFolder(const fs::path& state_dir, Copies copies) : folder_(state_dir) {
    if (copies == Copies::state_dir || is_own(state_dir)) return;
    std::string name = (fs::temp_directory_path() / "gantry-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) {
      throw std::system_error(errno, std::generic_category(),
                              "cannot make a folder for copies of libraries, " + name);
    }
    folder_ = name;
    own_ = true;
  }
  ~CopyFolder() {
    std::error_code ignored;
    if (own_) fs::remove_all(folder_, ignored);
  }
  CopyFolder(const CopyFolder&) = delete;
  CopyFolder& operator=(const CopyFolder&) = delete;

  const fs::path& path() const { return folder_; }

 private:
  // Root could write to what is another user's, but would then map what that user can change.
  static bool is_own(const fs::path& folder) {
    struct stat facts {};
    if (stat((folder / "loaded").c_str(), &facts) != 0 && stat(folder.c_str(), &facts) != 0)
      return false;
    return facts.st_uid == geteuid() && (facts.st_mode & S_IWUSR) != 0;
  }

  fs::path folder_;
  bool own_ = false;
};

plugin::Plugins load_found(const config::Config& config, const fs::path& folder, PluginRules rules,
                           config::Problems& problems) {
  config::Config found;
  for (const config::Plugin& plugin : config.plugins) {
    if (!plugin.file.empty() && fs::exists(plugin.file)) found.plugins.push_back(plugin);
  }
  const plugin::Trust trust{config.plugin_owner.value_or(geteuid()),
                            rules == PluginRules::enforced};
  return plugin::Plugins(found, plugin::Loader(folder, kOffered, trust), problems);
}

}  // namespace

Prepared prepare(const fs::path& file, Copies copies, const Overlay& overlay, PluginRules rules) {
  config::Loaded loaded = config::load_all(file);
  if (overlay) overlay(loaded.config);
  config::Problems problems = std::move(loaded.problems);
  config::Problems missing;
  config::find_libraries(loaded.config, config::built_in_plugin_dirs(), missing);
  const CopyFolder folder(loaded.config.state_dir, copies);
  config::Problems broken;
  plugin::Plugins plugins = load_found(loaded.config, folder.path(), rules, broken);
  const bool catalog_complete = loaded.complete && missing.empty() && broken.empty();
  config::add_new(problems, std::move(missing));
  config::add_new(problems, std::move(broken));
  if (loaded.complete) {
    const config::Checks checks{kafka::check_property, kafka::check_client,
                                outbox::is_connection_string, catalog_complete};
    config::add_new(problems, config::validate_all(loaded.config, plugins.catalog(), checks));
  }
  config::throw_if_any(std::move(problems));
  return {std::move(loaded.config), std::move(plugins)};
}

plugin::Plugins load_configured_libraries(const fs::path& file) {
  config::Loaded loaded = config::load_all(file);
  if (!loaded.complete) config::throw_if_any(std::move(loaded.problems));
  config::Problems problems;
  config::find_libraries(loaded.config, config::built_in_plugin_dirs(), problems);
  const CopyFolder folder(loaded.config.state_dir, Copies::anywhere);
  plugin::Plugins plugins =
      load_found(loaded.config, folder.path(), PluginRules::enforced, problems);
  config::throw_if_any(std::move(problems));
  return plugins;
}

plugin::Plugins load_libraries(const std::vector<fs::path>& files) {
  config::Config config;
  config::Problems problems;
  for (const fs::path& file : files) {
    config::Plugin one;
    one.library = file.string();
    one.file = fs::absolute(file);
    one.origin.file = file;
    if (!fs::exists(file)) {
      problems.push_back({one.origin, "there is no such file", "name the library of a plugin"});
    }
    config.plugins.push_back(std::move(one));
  }
  const CopyFolder folder("", Copies::anywhere);
  plugin::Plugins plugins = load_found(config, folder.path(), PluginRules::told, problems);
  config::throw_if_any(std::move(problems));
  return plugins;
}

}  // namespace gantry::service
