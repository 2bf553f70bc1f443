// gantry run
#include "service/run.hpp"

#include <memory>

#include "cli/commands.hpp"

namespace gantry::cli {

void add_run(CLI::App& app, Action& action) {
  CLI::App* command = app.add_subcommand("run", "Run the host until SIGTERM");
  const auto file = std::make_shared<std::filesystem::path>();
  add_config_option(*command, *file);
  command->footer(
      "SIGHUP has it reload, SIGTERM and SIGINT drain, commit and end it.\n"
      "Example: gantry run --config conf/gantry.toml");
  command->callback([file, &action] { action = [file] { return service::run(*file); }; });
}

}  // namespace gantry::cli
