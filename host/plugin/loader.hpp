// Loads libraries: reads the file once, checks whose it is and what it is, maps a private copy of
// it and reads what it offers. A library stays mapped until the process ends: unloading is unsafe
// where it left thread-local destructors behind. Alone includes Boost.DLL. Start-up and reload, one
// thread at a time; what it returns is constant and for any thread.
#pragma once

#include <gantry/abi.h>

#include <filesystem>
#include <string>
#include <vector>

#include "config/catalog.hpp"
#include "config/model.hpp"
#include "plugin/description.hpp"
#include "plugin/load_error.hpp"
#include "plugin/trust.hpp"

namespace gantry::plugin {

struct LoadedPlugin {
  config::PluginSpec spec;                        // spec.file is the original
  std::vector<const gantry_handler_type*> types;  // one for each of spec.handlers
  std::filesystem::path copy;                     // what is mapped
  std::string sha256;                             // of the original, as it was read
  Faults untrusted;                               // rules that it breaks, where none is enforced
};

class Loader {
 public:
  // Copies go to state_dir/loaded. `offered`: the extensions of this host. `trust`: whose files
  // are loaded.
  Loader(std::filesystem::path state_dir, ExtensionIds offered, Trust trust);

  // Throws LoadError with everything that is wrong. Runs the library's static initialisers, and
  // nothing else of it, once the file itself has been found sound.
  LoadedPlugin load(const config::Plugin& plugin) const;

 private:
  std::filesystem::path state_dir_;
  ExtensionIds offered_;
  Trust trust_;
};

}  // namespace gantry::plugin
