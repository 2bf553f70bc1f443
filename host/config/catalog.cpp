#include "config/catalog.hpp"

namespace gantry::config {

const HandlerSpec* find_handler(const Catalog& catalog, const std::string& id) {
  for (const PluginSpec& plugin : catalog) {
    for (const HandlerSpec& handler : plugin.handlers) {
      if (handler.id == id) return &handler;
    }
  }
  return nullptr;
}

}  // namespace gantry::config
