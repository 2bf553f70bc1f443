// gantry check
#include <iostream>
#include <memory>

#include "cli/commands.hpp"
#include "cli/exit_code.hpp"
#include "cli/wiring.hpp"
#include "service/prepare.hpp"

namespace gantry::cli {

void add_check(CLI::App& app, Action& action) {
  CLI::App* command = app.add_subcommand(
      "check", "Check the configuration and show what it wires; asks no broker and no database");
  const auto file = std::make_shared<std::filesystem::path>();
  add_config_option(*command, *file);
  command->footer(
      "Ends with 78 and all errors when the configuration is wrong.\n"
      "Example: gantry check --config conf/gantry.toml");
  command->callback([file, &action] {
    action = [file] {
      const service::Prepared prepared = service::prepare(*file, service::Copies::anywhere);
      print_wiring(std::cout, prepared.config, prepared.plugins.catalog());
      return kDone;
    };
  });
}

}  // namespace gantry::cli
