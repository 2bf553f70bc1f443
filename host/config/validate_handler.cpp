// A route against its handler's schema, and the libraries among each other.
#include <gantry/abi.h>

#include <algorithm>
#include <map>

#include "config/nearest.hpp"
#include "config/validations.hpp"

namespace gantry::config {
namespace {

std::optional<KeyFormat> key_format_named(const std::string& name) {
  if (name == "bytes") return KeyFormat::bytes;
  if (name == "text") return KeyFormat::text;
  if (name == "int64") return KeyFormat::int64;
  return std::nullopt;
}

void resolve_outputs(const Config& config, const HandlerSpec& handler, Route& route,
                     Problems& problems) {
  std::vector<std::string> names;
  for (const OutputSpec& spec : handler.outputs) names.push_back(spec.name);
  for (const auto& [name, output] : route.outputs) {
    if (std::find(names.begin(), names.end(), name) == names.end()) {
      problems.push_back({at(config, route, "outputs." + name),
                          "handler \"" + handler.id + "\" has no such output",
                          suggestion(name, names)});
    }
  }
  for (const OutputSpec& spec : handler.outputs) {
    const auto bound = route.outputs.find(spec.name);
    if (bound != route.outputs.end()) {
      if (!bound->second.key_format) bound->second.key_format = key_format_named(spec.key_format);
    } else if (spec.required) {
      problems.push_back({at(config, route, "outputs." + spec.name),
                          "is missing: handler \"" + handler.id + "\" needs it (" + spec.help + ")",
                          "write outputs." + spec.name + " = { topic = \"…\" }"});
    }
  }
}

void validate_source_kind(const Config& config, const HandlerSpec& handler, const Route& route,
                          Problems& problems) {
  if (!route.topics.empty() && (handler.flags & GANTRY_SOURCE_TOPIC) == 0) {
    problems.push_back({at(config, route, "topics"),
                        "handler \"" + handler.id + "\" does not take messages from topics",
                        "bind it with http = { … }, or name another handler"});
  }
  if (route.http && (handler.flags & GANTRY_SOURCE_HTTP) == 0) {
    problems.push_back({at(config, route, "http"),
                        "handler \"" + handler.id + "\" does not take HTTP requests",
                        "bind it with topics = [\"…\"], or name another handler"});
  }
}

// The rows that a handler puts into gantry_outbox would lie there for ever without a relay on that
// database.
void validate_relay(const Config& config, const HandlerSpec& handler, const Route& route,
                    Problems& problems) {
  if ((handler.flags & GANTRY_USES_OUTBOX) == 0) return;
  for (const auto& [name, setting] : route.settings) {
    const auto& relayed = config.outbox_databases;
    if (setting.database.empty() ||
        std::find(relayed.begin(), relayed.end(), setting.database) != relayed.end()) {
      continue;
    }
    problems.push_back({setting.origin,
                        "handler \"" + handler.id + "\" uses the outbox, and database \"" +
                            setting.database + "\" has no relay",
                        "add \"" + setting.database + "\" to databases under [outbox]"});
  }
}

Origin origin_of_plugin(const Config& config, const PluginSpec& spec) {
  for (const Plugin& plugin : config.plugins) {
    if (plugin.file == spec.file) return plugin.origin;
  }
  return {config.file, 0, 0, "plugin"};
}

void validate_migrations(const Config& config, const PluginSpec& plugin, Problems& problems) {
  std::map<std::uint32_t, const MigrationSpec*> known;
  for (const HandlerSpec& handler : plugin.handlers) {
    for (const MigrationSpec& migration : handler.migrations) {
      const auto [first, added] = known.emplace(migration.number, &migration);
      if (added || first->second->sql == migration.sql) continue;
      problems.push_back({origin_of_plugin(config, plugin),
                          "plugin \"" + plugin.name + "\" has two different migrations number " +
                              std::to_string(migration.number) + ": \"" + first->second->name +
                              "\" and \"" + migration.name + "\"",
                          "ask its author for a library that numbers them in one row"});
    }
  }
}

}  // namespace

void validate_catalog(const Config& config, const Catalog& catalog, Problems& problems) {
  std::map<std::string, const PluginSpec*> plugins;
  std::map<std::string, const PluginSpec*> handlers;
  for (const PluginSpec& plugin : catalog) {
    const Origin where = origin_of_plugin(config, plugin);
    const auto [first, added] = plugins.emplace(plugin.name, &plugin);
    if (!added) {
      problems.push_back({where,
                          "plugin \"" + plugin.name + "\" is in " + first->second->file.string() +
                              " and in " + plugin.file.string(),
                          "load one of the two"});
      continue;
    }
    for (const HandlerSpec& handler : plugin.handlers) {
      const auto [other, fresh] = handlers.emplace(handler.id, &plugin);
      if (fresh) continue;
      problems.push_back({where,
                          "handler \"" + handler.id + "\" is in plugin \"" + other->second->name +
                              "\" and in plugin \"" + plugin.name + "\"",
                          "load one of the two"});
    }
    validate_migrations(config, plugin, problems);
  }
}

void resolve_handler(const Config& config, const Catalog& catalog, const Checks& checks,
                     Route& route, Problems& problems) {
  if (route.handler.empty()) return;  // reported by load
  const HandlerSpec* handler = find_handler(catalog, route.handler);
  if (handler == nullptr) {
    if (!checks.catalog_complete) return;
    std::vector<std::string> ids;
    for (const PluginSpec& plugin : catalog) {
      for (const HandlerSpec& other : plugin.handlers) ids.push_back(other.id);
    }
    problems.push_back({at(config, route, "handler"),
                        "no loaded plugin has a handler \"" + route.handler + "\"",
                        ids.empty() ? "load its library with [[plugin]] library = \"lib….so\""
                                    : suggestion(route.handler, ids)});
    return;
  }
  validate_source_kind(config, *handler, route, problems);
  resolve_settings(config, *handler, route, problems);
  resolve_outputs(config, *handler, route, problems);
  validate_relay(config, *handler, route, problems);
}

}  // namespace gantry::config
