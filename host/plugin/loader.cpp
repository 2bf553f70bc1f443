#include "plugin/loader.hpp"

#include <boost/dll/shared_library.hpp>
#include <deque>
#include <system_error>
#include <utility>

#include "plugin/elf.hpp"
#include "plugin/private_copy.hpp"
#include "plugin/sha256.hpp"

namespace gantry::plugin {
namespace {

constexpr const char* kEntry = "gantry_plugin_v1";

[[noreturn]] void refuse(const config::Plugin& plugin, Fault fault) {
  throw LoadError(plugin.file.string(), {std::move(fault)});
}

// The loader's own text names the private copy, which nobody installed: show the original.
std::string as_original(std::string text, const std::filesystem::path& copy,
                        const std::filesystem::path& original) {
  for (auto at = text.find(copy.string()); at != std::string::npos; at = text.find(copy.string())) {
    text.replace(at, copy.string().size(), original.filename().string());
  }
  return text;
}

const gantry_plugin& map(const config::Plugin& plugin, const std::filesystem::path& copy) {
  using boost::dll::load_mode::rtld_local;
  using boost::dll::load_mode::rtld_now;
  // Never destroyed, so never unloaded: also when the library is refused, since its initialisers
  // have run.
  static auto& libraries = *new std::deque<boost::dll::shared_library>;
  try {
    libraries.emplace_back(copy, rtld_now | rtld_local);
  } catch (const std::system_error& error) {
    const std::string why = as_original(error.what(), copy, plugin.file);
    const bool noexec = why.find("failed to map segment") != std::string::npos;
    refuse(plugin, {"can't be loaded: " + why,
                    noexec ? "state_dir is on a file system mounted noexec: mount it with exec, or "
                             "set another state_dir"
                           : "install the libraries it needs, and build it for this system"});
  }
  if (!libraries.back().has(kEntry)) {
    refuse(plugin, {std::string("exports no ") + kEntry + ", so it is no plugin of ABI 1",
                    "define it by GANTRY_PLUGIN(…) and build with gantry_add_plugin()"});
  }
  return libraries.back().get<const gantry_plugin>(kEntry);
}

}  // namespace

Loader::Loader(std::filesystem::path state_dir, ExtensionIds offered, Trust trust)
    : state_dir_(std::move(state_dir)), offered_(std::move(offered)), trust_(trust) {}

LoadedPlugin Loader::load(const config::Plugin& plugin) const {
  LoadedPlugin loaded;
  const std::string bytes =
      read_library(open_library(plugin.file, trust_, loaded.untrusted), plugin.file);
  loaded.sha256 = sha256_hex(bytes);
  if (plugin.sha256 && *plugin.sha256 != loaded.sha256) {
    refuse(plugin, {"has the SHA-256 " + loaded.sha256 + ", not the configured " + *plugin.sha256,
                    "install the file that was meant, or write its own sum to `sha256`"});
  }
  if (auto fault = find_elf_fault(bytes)) refuse(plugin, std::move(*fault));
  loaded.copy = store_copy(bytes, loaded.sha256, state_dir_, plugin.file, trust_.enforced);

  const gantry_plugin& entry = map(plugin, loaded.copy);
  Faults faults;
  loaded.spec = describe_plugin(entry, plugin.file, offered_, faults);
  if (!faults.empty()) throw LoadError(plugin.file.string(), std::move(faults));
  loaded.types.assign(entry.handlers, entry.handlers + entry.handler_count);
  return loaded;
}

}  // namespace gantry::plugin
