// gantry dev
#include <unistd.h>

#include <boost/algorithm/string/join.hpp>
#include <chrono>
#include <ctime>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "cli/commands.hpp"
#include "cli/dev_guide.hpp"
#include "cli/dev_plugin.hpp"
#include "cli/exit_code.hpp"
#include "cli/shipped_config.hpp"
#include "embedded/development.hpp"

namespace gantry::cli {
namespace {

constexpr std::chrono::milliseconds kLook{300};  // for a plugin that was built again

struct Options {
  std::filesystem::path config = shipped_config();
  std::filesystem::path plugin;
  std::filesystem::path route;
  bool debug = false;
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

// What became of a plugin that was built again. A broken one changes nothing.
std::string take_over(service::Host& host) {
  try {
    const config::Difference done = host.reload().difference;
    std::vector<std::string> routes = done.added;
    for (const config::ChangedRoute& route : done.changed) routes.push_back(route.name);
    return "reloaded: " +
           (routes.empty() ? "nothing has changed" : boost::algorithm::join(routes, ", "));
  } catch (const std::exception& refused) {
    return std::string("not reloaded, everything goes on as it was:\n") + refused.what();
  }
}

void tell_rules(const embedded::Development& development, const Options& options) {
  std::cout << '\n';
  for (const std::string& line : development.plugin_rules()) std::cout << line << '\n';
  if (options.debug)
    std::cout << "A debugger may hold this process for a quarter of an hour at a time: gdb -p "
              << getpid() << '\n';
  if (!options.plugin.empty())
    std::cout << options.plugin.string() << " is reloaded whenever it is built again.\n";
  std::cout << '\n';
}

int serve(embedded::Development& development, const Options& options, FileWatch& plugin) {
  tell_rules(development, options);
  print_dev_guide(std::cout, development);
  try {
    for (;;) {
      development.interrupts().pause(options.plugin.empty() ? std::chrono::hours{24} : kLook);
      if (plugin.changed())
        std::cout << time_of_day() + "  " + take_over(development.host()) + '\n' << std::flush;
    }
  } catch (const embedded::Interrupted&) {
    std::cout << "\nEnding …\n" << std::flush;
  }
  return kDone;
}

int develop(const Options& options) {
  const std::filesystem::path& given = options.plugin.empty() ? options.config : options.plugin;
  std::cout << "gantry dev: " << given.lexically_normal().string()
            << " on a development environment of its own\nStarting:" << std::flush;
  FileWatch plugin(options.plugin);  // from before it is loaded, so that no build is missed
  embedded::Wishes wishes;
  wishes.config_file = options.config;
  if (!options.plugin.empty())
    wishes.make_config = [options](const std::filesystem::path& folder) {
      return write_dev_configuration(options.plugin, options.route, folder);
    };
  wishes.for_debugger = options.debug;
  wishes.folder_stem = "gantry-dev";
  wishes.log_to_stderr = options.verbose;
  wishes.on_notification = show;
  wishes.started = [first = true](std::string_view part) mutable {
    std::cout << (first ? " " : " · ") << part << std::flush;
    first = false;
  };
  return embedded::run_development(std::move(wishes), [&](embedded::Development& development) {
    return serve(development, options, plugin);
  });
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
  CLI::Option* plugin =
      command
          ->add_option("--plugin", options->plugin,
                       "A library instead of a configuration; reloaded whenever it is built again")
          ->type_name("FILE")
          ->excludes("--config");
  command
      ->add_option("--route", options->route,
                   "Its route file; default: a route for each of its handlers")
      ->type_name("FILE")
      ->needs(plugin);
  command->add_flag("--debug", options->debug,
                    "For a debugger: no deadline, stall report or session ends what it holds");
  command->add_flag("--verbose", options->verbose, "Show the log on standard error");
  command->footer("Example: gantry dev --plugin build/libacme-audit.so --verbose");
  command->callback([options, &action] { action = [options] { return develop(*options); }; });
}

}  // namespace gantry::cli
