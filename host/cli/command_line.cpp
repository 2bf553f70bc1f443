#include "cli/command_line.hpp"

#include <gantry/abi.h>

#include <iostream>
#include <string>

#include "cli/commands.hpp"
#include "cli/exit_code.hpp"
#include "config/problem.hpp"
#include "embedded/postgres_programs.hpp"
#include "plugin/handler.hpp"

namespace gantry::cli {

void add_config_option(CLI::App& command, std::filesystem::path& file) {
  file = "/etc/gantry/gantry.toml";
  command.add_option("--config", file, "gantry.toml; routes.d/*.toml beside it are read with it")
      ->type_name("FILE")
      ->capture_default_str();
}

int run_command_line(int argc, const char* const* argv) {
  CLI::App app("Gantry: Kafka middleware host. Handlers are plugins, routes are TOML.", "gantry");
  const std::string version = std::string("gantry " GANTRY_VERSION ", plugin ABI ") +
                              std::to_string(GANTRY_ABI_MAJOR) + "." +
                              std::to_string(GANTRY_ABI_MINOR);
  app.set_version_flag("--version", version);
  app.require_subcommand(1);
  Action action;
  add_run(app, action);
  add_check(app, action);
  add_control(app, action);
  add_enable(app, action);
  add_status(app, action);
  add_top(app, action);
  add_lag(app, action);
  add_dev(app, action);
  add_new_plugin(app, action);
  add_demo(app, action);
  add_plugins(app, action);
  add_db(app, action);
  add_dlq(app, action);
  add_outbox(app, action);
  app.footer(
      "gantry SUBCOMMAND --help tells more of each.\n"
      "Example: gantry check --config conf/gantry.toml");  // last: subcommands inherit what is set
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kDone : kUsage;
  }
  try {
    return action();
  } catch (const config::Invalid& invalid) {
    std::cerr << "gantry: " << invalid.what() << '\n';
    return kBadConfiguration;
  } catch (const plugin::SetupError& error) {
    std::cerr << "gantry: " << error.what() << '\n';
    return kBadConfiguration;
  } catch (const embedded::ProgramMissing& missing) {
    std::cerr << "gantry: " << missing.what() << '\n';
    return kUnavailable;
  } catch (const std::exception& error) {
    std::cerr << "gantry: " << error.what() << '\n';
    return kFailed;
  }
}

}  // namespace gantry::cli
