// gantry dev
#include <ctime>
#include <iostream>
#include <memory>
#include <string>

#include "cli/commands.hpp"
#include "cli/dev_guide.hpp"
#include "cli/exit_code.hpp"
#include "cli/shipped_config.hpp"
#include "embedded/development.hpp"

namespace gantry::cli {
namespace {

struct Options {
  std::filesystem::path config = shipped_config();
  bool verbose = false;
};

std::string time_of_day() {
  const std::time_t now = std::time(nullptr);
  std::tm local{};
  localtime_r(&now, &local);
  char text[16];
  std::strftime(text, sizeof text, "%H:%M:%S", &local);
  return text;
}

// On the endpoint's thread: one line, in one piece.
int show(const embedded::Notification& notification) {
  std::cout << time_of_day() + "  AlertTalk → user " + std::to_string(notification.user_id) + ": " +
                   notification.text + '\n'
            << std::flush;
  return 200;
}

int serve(embedded::Development& development) {
  std::cout << '\n';
  for (const std::string& line : development.plugin_rules()) std::cout << line << '\n';
  std::cout << '\n';
  print_dev_guide(std::cout, development);
  try {
    for (;;) development.interrupts().pause(std::chrono::hours{24});
  } catch (const embedded::Interrupted&) {
    std::cout << "\nEnding …\n" << std::flush;
  }
  return kDone;
}

int develop(const Options& options) {
  std::cout << "gantry dev: " << options.config.lexically_normal().string()
            << " on a development environment of its own\nStarting:" << std::flush;
  embedded::Wishes wishes;
  wishes.config_file = options.config;
  wishes.folder_stem = "gantry-dev";
  wishes.log_to_stderr = options.verbose;
  wishes.on_notification = show;
  wishes.started = [first = true](std::string_view part) mutable {
    std::cout << (first ? " " : " · ") << part << std::flush;
    first = false;
  };
  return embedded::run_development(std::move(wishes), serve);
}

}  // namespace

void add_dev(CLI::App& app, Action& action) {
  CLI::App* command = app.add_subcommand(
      "dev",
      "Run a configuration on brokers, a database and an AlertTalk of its own, until Ctrl-C");
  const auto options = std::make_shared<Options>();
  command
      ->add_option("--config", options->config,
                   "gantry.toml; its routes.d/*.toml come with it; default: the shipped one")
      ->type_name("FILE");
  command->add_flag("--verbose", options->verbose, "Show the log on standard error");
  command->footer("Example: gantry dev --verbose");
  command->callback([options, &action] { action = [options] { return develop(*options); }; });
}

}  // namespace gantry::cli
