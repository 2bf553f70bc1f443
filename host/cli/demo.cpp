// gantry demo
#include "demo/demo.hpp"

#include <memory>

#include "cli/commands.hpp"
#include "cli/shipped_config.hpp"

namespace gantry::cli {

void add_demo(CLI::App& app, Action& action) {
  CLI::App* command = app.add_subcommand(
      "demo",
      "Run payments and coupons on brokers and a database of its own, and count; half a minute");
  const auto options = std::make_shared<demo::Options>();
  options->config_file = shipped_config();
  command
      ->add_option("--config", options->config_file,
                   "gantry.toml; its routes.d/*.toml come with it; default: the shipped one")
      ->type_name("FILE");
  command->add_flag("--verbose", options->log_to_stderr, "Show the log on standard error");
  command->footer("Example: gantry demo");
  command->callback([options, &action] { action = [options] { return demo::run(*options); }; });
}

}  // namespace gantry::cli
