// All libraries of one configuration: what they offer, and the handler behind an id. Constant once
// made; any thread.
#pragma once

#include <string>
#include <vector>

#include "config/catalog.hpp"
#include "config/problem.hpp"
#include "plugin/loader.hpp"

namespace gantry::plugin {

// One kind of handler of one library. Points into Plugins.
struct HandlerRef {
  const LoadedPlugin* plugin = nullptr;
  const config::HandlerSpec* spec = nullptr;
  const gantry_handler_type* type = nullptr;
  explicit operator bool() const { return type != nullptr; }
};

class Plugins {
 public:
  // Loads what the configuration lists. What is wrong, also a plugin name or handler id that two
  // libraries have, is appended to `problems`; those libraries are left out.
  Plugins(const config::Config& config, const Loader& loader, config::Problems& problems);

  const std::vector<LoadedPlugin>& all() const { return all_; }
  config::Catalog catalog() const;
  // The rules of plugin/trust.hpp that the libraries break, where those are not enforced; each
  // once.
  Faults untrusted() const;
  HandlerRef find(const std::string& handler_id) const;  // false where no library has it

 private:
  bool is_unique(const LoadedPlugin& loaded, const config::Origin& where,
                 config::Problems& problems) const;
  std::vector<LoadedPlugin> all_;
};

}  // namespace gantry::plugin
