#include "plugin/description.hpp"

#include <map>

#include "plugin/description_check.hpp"
#include "plugin/description_handler.hpp"

namespace gantry::plugin {
namespace {

// False: nothing more can be read of it.
bool check_version(const gantry_plugin& plugin, const Check& check) {
  if (!check.size(&plugin, "gantry_plugin")) return false;
  if (plugin.magic != GANTRY_MAGIC) {
    check.fault("magic is not GANTRY_MAGIC, so gantry_plugin_v1 is something else",
                "declare it as in gantry/abi.h, or by GANTRY_PLUGIN(…)");
    return false;
  }
  if (plugin.abi_major != GANTRY_ABI_MAJOR) {
    check.fault("abi_major is " + std::to_string(plugin.abi_major) + ", but gantry_plugin_v1 is " +
                    "ABI " + std::to_string(GANTRY_ABI_MAJOR),
                "build the plugin against this host's gantry/abi.h");
    return false;
  }
  if (plugin.min_host_minor > GANTRY_ABI_MINOR) {
    check.fault("needs plugin ABI 1." + std::to_string(plugin.min_host_minor) +
                    "; this host has 1." + std::to_string(GANTRY_ABI_MINOR),
                "upgrade the host, or install a release of the plugin for this one");
    return false;
  }
  return true;
}

// Two handlers that share tables list the same migrations, known in the database by number alone.
void check_shared_migrations(const config::PluginSpec& spec, const Check& check) {
  std::map<std::uint32_t, const config::MigrationSpec*> known;
  for (const config::HandlerSpec& handler : spec.handlers) {
    for (const config::MigrationSpec& migration : handler.migrations) {
      const auto [at, is_new] = known.emplace(migration.number, &migration);
      if (!is_new && (at->second->sql != migration.sql || at->second->name != migration.name)) {
        check.fault("migration " + std::to_string(migration.number) + " of handler '" + handler.id +
                        "' differs from that of another handler of this plugin",
                    "list the same migrations, or give them numbers of their own");
      }
    }
  }
}

}  // namespace

config::PluginSpec describe_plugin(const gantry_plugin& plugin, const std::filesystem::path& file,
                                   const ExtensionIds& offered, Faults& faults) {
  config::PluginSpec spec;
  spec.file = file;
  const Check check("", faults);
  if (!check_version(plugin, check)) return spec;
  spec.abi_major = plugin.abi_major;
  spec.min_host_minor = plugin.min_host_minor;
  check.reserved(plugin.reserved);
  check.name(plugin.name, "name", '-', spec.name);
  check.text(plugin.version, "version", spec.version);
  check.text(plugin.built_with, "built_with", spec.built_with);
  if (plugin.handler_count == 0) {
    check.fault("has no handlers", "list at least one in `handlers`");
  }
  if (!check.array(plugin.handlers, plugin.handler_count, "handlers")) return spec;
  for (std::size_t i = 0; i < plugin.handler_count; ++i) {
    const gantry_handler_type* type = plugin.handlers[i];
    const bool has_id =
        type != nullptr && type->struct_size >= sizeof(*type) && type->id != nullptr;
    const Check here =
        check.within(has_id ? "handler '" + std::string(type->id).substr(0, 100) + "'"
                            : "handler " + std::to_string(i));
    config::HandlerSpec handler = describe_handler(type, here, offered);
    handler.plugin = spec.name;
    for (const config::HandlerSpec& other : spec.handlers) {
      if (!handler.id.empty() && other.id == handler.id) {
        here.fault("is declared twice", "give each handler an id of its own");
      }
    }
    spec.handlers.push_back(std::move(handler));
  }
  check_shared_migrations(spec, check);
  return spec;
}

}  // namespace gantry::plugin
