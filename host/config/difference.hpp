// What a reload has to do: the configuration that runs beside the one that shall run, as the routes
// that come, go, change and stay; and what no running process can take over. Pure.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "config/model.hpp"

namespace gantry::config {

// A configuration that is valid, and what its files do not say of its libraries.
struct Wiring {
  const Config& config;
  std::map<std::string, std::string> libraries;  // SHA-256 of the library of each handler
};

struct ChangedRoute {
  std::string name;
  std::vector<std::string> what;  // "topics", "settings", "the library of its handler"
  bool rejoins = false;           // it is a member of another group or reads other topics now
};

struct Difference {
  std::vector<std::string> added, removed, kept;  // in the order of their configuration
  std::vector<ChangedRoute> changed;
};

Difference compare(const Wiring& running, const Wiring& next);

// What differs of all that the host makes once, at its start: "memory_mb", "[kafka]".
std::vector<std::string> needs_restart(const Config& running, const Config& next);

// Puts the values of `running` in their places.
void keep_what_needs_restart(const Config& running, Config& next);

}  // namespace gantry::config
