// Reads gantry_plugin_v1 into plain values and finds everything in it that abi.h does not allow.
// Calls no function of the library. Start-up and reload, one thread.
#pragma once

#include <gantry/abi.h>

#include <filesystem>
#include <set>
#include <string>

#include "config/catalog.hpp"
#include "plugin/load_error.hpp"

namespace gantry::plugin {

// Ids of the extensions that this host offers, on whatever route.
using ExtensionIds = std::set<std::string, std::less<>>;

// What the library offers; what is wrong is appended to `faults`, and then the result is
// incomplete.
config::PluginSpec describe_plugin(const gantry_plugin& plugin, const std::filesystem::path& file,
                                   const ExtensionIds& offered, Faults& faults);

}  // namespace gantry::plugin
