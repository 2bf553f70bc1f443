// From files to everything that is needed to run: the configuration read, the libraries loaded, all
// of it validated together. What check, plugins, db and run begin with. Asks no broker and no
// database. Start-up, one thread.
#pragma once

#include <filesystem>
#include <functional>
#include <vector>

#include "config/problem.hpp"
#include "plugin/plugins.hpp"

namespace gantry::service {

struct Prepared {
  config::Config config;
  plugin::Plugins plugins;
};

// Where the private copies of the libraries go. A command that only looks may run as a user who
// is not the one of state_dir; its copies go to a folder that is gone again when the libraries are
// mapped.
enum class Copies { state_dir, anywhere };

// Whose files are loaded (plugin/trust.hpp). told: also those that break a rule; which ones is in
// LoadedPlugin::untrusted.
enum class PluginRules { enforced, told };

// What is replaced between reading the files and checking what they mean: where a development
// environment stands in for what they name.
using Overlay = std::function<void(config::Config&)>;

// Throws config::Invalid with everything that is wrong in files and libraries.
Prepared prepare(const std::filesystem::path& file, Copies copies = Copies::state_dir,
                 const Overlay& overlay = {}, PluginRules rules = PluginRules::enforced);

// The libraries that a configuration lists, also where its routes are not valid. Throws
// config::Invalid.
plugin::Plugins load_configured_libraries(const std::filesystem::path& file);

// The libraries alone, by their paths, whosever they are. Throws config::Invalid.
plugin::Plugins load_libraries(const std::vector<std::filesystem::path>& files);

}  // namespace gantry::service
