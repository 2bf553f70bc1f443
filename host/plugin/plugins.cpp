#include "plugin/plugins.hpp"

#include <algorithm>
#include <utility>

namespace gantry::plugin {

Plugins::Plugins(const config::Config& config, const Loader& loader, config::Problems& problems) {
  for (const config::Plugin& plugin : config.plugins) {
    try {
      LoadedPlugin loaded = loader.load(plugin);
      if (is_unique(loaded, plugin.origin, problems)) all_.push_back(std::move(loaded));
    } catch (const LoadError& error) {
      for (const Fault& fault : error.faults()) {
        problems.push_back(
            {plugin.origin, plugin.file.string() + ": " + fault.message, fault.remedy});
      }
    }
  }
}

bool Plugins::is_unique(const LoadedPlugin& loaded, const config::Origin& where,
                        config::Problems& problems) const {
  const std::string file = loaded.spec.file.string();
  const std::size_t before = problems.size();
  for (const LoadedPlugin& other : all_) {
    if (other.spec.name == loaded.spec.name) {
      problems.push_back({where,
                          file + ": plugin '" + loaded.spec.name + "' is loaded already, from " +
                              other.spec.file.string(),
                          "list each plugin once"});
    }
  }
  for (const config::HandlerSpec& handler : loaded.spec.handlers) {
    if (const HandlerRef other = find(handler.id)) {
      problems.push_back({where,
                          file + ": handler '" + handler.id + "' is that of another library too, " +
                              other.plugin->spec.file.string(),
                          "leave one of the two libraries out, or rename one's handler"});
    }
  }
  return problems.size() == before;
}

config::Catalog Plugins::catalog() const {
  config::Catalog catalog;
  for (const LoadedPlugin& loaded : all_) catalog.push_back(loaded.spec);
  return catalog;
}

Faults Plugins::untrusted() const {
  Faults faults;
  for (const LoadedPlugin& loaded : all_) {
    for (const Fault& fault : loaded.untrusted) {
      const auto same = [&](const Fault& other) { return other.message == fault.message; };
      if (std::none_of(faults.begin(), faults.end(), same)) faults.push_back(fault);
    }
  }
  return faults;
}

HandlerRef Plugins::find(const std::string& handler_id) const {
  for (const LoadedPlugin& loaded : all_) {
    for (std::size_t i = 0; i < loaded.types.size(); ++i) {
      const config::HandlerSpec& spec = loaded.spec.handlers[i];
      if (spec.id == handler_id) return {&loaded, &spec, loaded.types[i]};
    }
  }
  return {};
}

}  // namespace gantry::plugin
