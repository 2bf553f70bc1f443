// gantry enable, disable: which of the shipped routes are the configuration's. They change files
// only; the running host takes them over by gantry reload.
#include <iostream>
#include <memory>
#include <string>

#include "cli/commands.hpp"
#include "cli/exit_code.hpp"
#include "cli/route_files.hpp"
#include "cli/shipped_config.hpp"

namespace gantry::cli {
namespace {

namespace fs = std::filesystem;

struct Options {
  fs::path config;
  fs::path shipped;
  std::string name;
};

RouteFiles files_of(const Options& options) {
  return RouteFiles(options.shipped, options.config.parent_path() / "routes.d");
}

int say_next(const Options& options) {
  const std::string more =
      options.config == "/etc/gantry/gantry.toml" ? "" : " --config " + options.config.string();
  std::cout << "next: gantry check" << more << ", then gantry reload" << more << '\n';
  return kDone;
}

int enable(const Options& options) {
  const RouteFiles files = files_of(options);
  if (options.name.empty()) {
    for (const std::string& name : files.names())
      std::cout << name << ": " << word_for(files.state(name)) << '\n';
    return kDone;
  }
  const fs::path file = files.enabled_file(options.name);
  switch (files.enable(options.name)) {
    case Enabled::before:
      std::cout << options.name << " is enabled already: " << file.string() << '\n';
      return kDone;
    case Enabled::restored:
      std::cout << "brought back " << file.string() << ", changed as it was when it was disabled\n";
      break;
    case Enabled::copied:
      std::cout << "wrote " << file.string() << '\n';
  }
  return say_next(options);
}

int disable(const Options& options) {
  const RouteFiles files = files_of(options);
  if (options.name.empty()) {
    for (const std::string& name : files.names())
      if (is_enabled(files.state(name))) std::cout << name << '\n';
    return kDone;
  }
  const fs::path file = files.enabled_file(options.name);
  if (const auto kept = files.disable(options.name))
    std::cout << file.string() << " is not as shipped: kept as " << kept->string() << '\n';
  else
    std::cout << "removed " << file.string() << '\n';
  return say_next(options);
}

void add(CLI::App& app, Action& action, const std::string& name, const std::string& help,
         const std::string& footer, int (*run)(const Options&)) {
  CLI::App* command = app.add_subcommand(name, help);
  const auto options = std::make_shared<Options>();
  add_config_option(*command, options->config);
  command
      ->add_option("--shipped", options->shipped,
                   "Folder of the routes that can be enabled; default: that of the packages")
      ->type_name("PATH");
  command->add_option("NAME", options->name, "Of the file, without .toml; without one: lists them");
  command->footer(footer);
  command->callback([options, run, &action] {
    action = [options, run] {
      if (options->shipped.empty()) options->shipped = shipped_routes();
      return run(*options);
    };
  });
}

}  // namespace

void add_enable(CLI::App& app, Action& action) {
  add(app, action, "enable", "Copy a shipped route to the configuration's routes.d",
      "Never overwrites a file that was changed. One that gantry disable has kept comes back.\n"
      "Example: gantry enable order-saver",
      enable);
  add(app, action, "disable", "Take a route out of the configuration's routes.d",
      "A file that is not as shipped is kept, as NAME.toml.disabled.\n"
      "Example: gantry disable order-saver",
      disable);
}

}  // namespace gantry::cli
