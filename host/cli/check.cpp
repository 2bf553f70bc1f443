// gantry check
#include <iostream>
#include <memory>

#include "cli/commands.hpp"
#include "cli/connections.hpp"
#include "cli/exit_code.hpp"
#include "cli/wiring.hpp"
#include "service/prepare.hpp"

namespace gantry::cli {

void add_check(CLI::App& app, Action& action) {
  CLI::App* command = app.add_subcommand(
      "check", "Check the configuration and show what it wires; asks no broker and no database");
  struct Options {
    std::filesystem::path file;
    bool connect = false;
  };
  const auto options = std::make_shared<Options>();
  add_config_option(*command, options->file);
  command->add_flag(
      "--connect", options->connect,
      "Ask brokers and databases, too: topics, rights, sizes, tables. Changes nothing. "
      "Exit code 1 when something is to do");
  command->footer(
      "Ends with 78 and all errors when the configuration is wrong.\n"
      "Example: gantry check --connect --config /etc/gantry/gantry.toml");
  command->callback([options, &action] {
    action = [options] {
      const service::Prepared prepared = service::prepare(options->file, service::Copies::anywhere);
      const config::Catalog& catalog = prepared.plugins.catalog();
      if (options->connect)
        return check_connections(std::cout, prepared.config, catalog) ? kDone : kFailed;
      print_wiring(std::cout, prepared.config, catalog);
      return kDone;
    };
  });
}

}  // namespace gantry::cli
