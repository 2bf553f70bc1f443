// gantry new-plugin
#include <iostream>
#include <memory>
#include <string>

#include "cli/commands.hpp"
#include "cli/exit_code.hpp"
#include "cli/scaffold.hpp"
#include "cli/shipped_config.hpp"

namespace gantry::cli {
namespace {

namespace fs = std::filesystem;

struct Options {
  std::string name;
  fs::path folder;
};

int write_new_plugin(const Options& options) {
  const fs::path folder = options.folder.empty() ? fs::path(options.name) : options.folder;
  for (const fs::path& file : write_plugin(shipped_templates() / "plugin", options.name, folder))
    std::cout << "wrote " << (folder / file).string() << '\n';
  std::cout << "next: cd " << folder.string()
            << " && cmake -B build && cmake --build build && ctest --test-dir build\n"
               "      gantry dev --plugin build/lib"
            << options.name << ".so --route route.toml\n";
  return kDone;
}

}  // namespace

void add_new_plugin(CLI::App& app, Action& action) {
  CLI::App* command = app.add_subcommand(
      "new-plugin", "Write a plugin that builds, with a test, a migration and a route");
  const auto options = std::make_shared<Options>();
  command
      ->add_option("NAME", options->name, "Lower case letters, digits and -: of library and route")
      ->required();
  command
      ->add_option("--folder", options->folder,
                   "Where it is written, new or empty; default: NAME in the current folder")
      ->type_name("PATH");
  command->footer("Example: gantry new-plugin acme-audit");
  command->callback(
      [options, &action] { action = [options] { return write_new_plugin(*options); }; });
}

}  // namespace gantry::cli
