// gantry plugins
#include <iostream>
#include <memory>
#include <vector>

#include "cli/catalog_text.hpp"
#include "cli/commands.hpp"
#include "cli/exit_code.hpp"
#include "service/prepare.hpp"

namespace gantry::cli {
namespace {

struct Options {
  std::filesystem::path config;
  std::vector<std::filesystem::path> libraries;
  bool json = false;
};

int list_plugins(const Options& options) {
  const plugin::Plugins plugins = options.libraries.empty()
                                      ? service::load_configured_libraries(options.config)
                                      : service::load_libraries(options.libraries);
  for (const plugin::Fault& fault : plugins.untrusted())
    std::cerr << "gantry run would refuse it: " << fault.message << "\n  " << fault.remedy << '\n';
  if (options.json) {
    print_catalog_json(std::cout, plugins.catalog());
  } else {
    print_catalog(std::cout, plugins.catalog());
  }
  return kDone;
}

}  // namespace

void add_plugins(CLI::App& app, Action& action) {
  CLI::App* command =
      app.add_subcommand("plugins", "List what libraries offer: handlers, options, outputs");
  const auto options = std::make_shared<Options>();
  add_config_option(*command, options->config);
  command
      ->add_option("library", options->libraries,
                   "Libraries to look into instead, whosever they are")
      ->type_name("FILE");
  command->add_flag("--json", options->json, "For programs");
  command->footer("Example: gantry plugins ./libmine.so");
  command->callback([options, &action] { action = [options] { return list_plugins(*options); }; });
}

}  // namespace gantry::cli
