// gantry pause, resume, reload: what changes the running host, over its control socket.
#include <boost/json.hpp>
#include <iostream>
#include <memory>

#include "cli/commands.hpp"
#include "cli/exit_code.hpp"
#include "config/load.hpp"
#include "control/client.hpp"

namespace gantry::cli {
namespace {

namespace json = boost::json;

struct Options {
  std::filesystem::path config;
  std::filesystem::path socket;
  std::string route;
  bool json = false;
};

// Files that are wrong elsewhere still say where the socket is, and the host has its own words for
// what is wrong with them.
std::filesystem::path socket_of(const Options& options) {
  if (!options.socket.empty()) return options.socket;
  config::Loaded loaded = config::load_all(options.config);
  if (loaded.config.admin.socket) return *loaded.config.admin.socket;
  config::throw_if_any(std::move(loaded.problems));
  throw std::runtime_error(options.config.string() +
                           " names no control socket; write [admin] socket = \"/run/…\" and "
                           "restart the host (SIGHUP has it reload without one)");
}

int exit_code_of(const control::Answer& answer) {
  constexpr int kDoneStatus = 200;
  constexpr int kInvalid = 422;
  if (answer.status == kDoneStatus) return kDone;
  return answer.status == kInvalid ? kBadConfiguration : kFailed;
}

std::string text_of(const json::value& list) {
  std::string text;
  for (const json::value& one : list.as_array())
    text += (text.empty() ? "" : ", ") + std::string(one.as_string());
  return text;
}

void print_reloaded(const json::object& reloaded) {
  const auto line = [](const std::string& what, const std::string& names) {
    if (!names.empty()) std::cout << what << names << '\n';
  };
  line("added          ", text_of(reloaded.at("added")));
  line("removed        ", text_of(reloaded.at("removed")));
  for (const json::value& route : reloaded.at("changed").as_array())
    line("changed        ",
         std::string(route.at("route").as_string()) + ": " + text_of(route.at("what")));
  line("kept           ", text_of(reloaded.at("kept")));
  line("needs restart  ", text_of(reloaded.at("needs_restart")));
}

void print_paused(const json::object& paused) {
  std::cout << "paused " << paused.at("route").as_string().c_str() << '\n';
  if (!paused.at("settled").as_bool())
    std::cout << "its handlers still have messages after drain_timeout_ms; they are settled when "
                 "they return\n";
}

int send(const Options& options, const std::string& command, void (*print)(const json::object&)) {
  control::Answer answer;
  try {
    answer = control::send_command(socket_of(options), "/" + command, options.route);
  } catch (const control::Unreachable& unreachable) {
    std::cerr << "gantry: " << unreachable.what() << '\n';
    return kUnavailable;
  }
  const int code = exit_code_of(answer);
  if (options.json) {
    std::cout << answer.body;
    return code;
  }
  const json::value said = json::parse(answer.body);
  if (code == kDone)
    print(said.as_object());
  else
    std::cerr << "gantry: " << said.at("error").as_string().c_str() << '\n';
  if (code != kDone && command == "reload")
    std::cerr << "gantry: the host goes on with the configuration that it has\n";
  return code;
}

void add(CLI::App& app, Action& action, const std::string& name, const std::string& help,
         const char* example, void (*print)(const json::object&)) {
  CLI::App* command = app.add_subcommand(name, help);
  const auto options = std::make_shared<Options>();
  add_config_option(*command, options->config);
  command
      ->add_option("--socket", options->socket,
                   "Of the host; default: [admin] socket of the configuration")
      ->type_name("PATH");
  command->add_flag("--json", options->json, "For programs");
  if (name != "reload")
    command->add_option("ROUTE", options->route, "Name of the route")->required();
  command->footer(std::string("Example: ") + example);
  command->callback([options, name, print, &action] {
    action = [options, name, print] { return send(*options, name, print); };
  });
}

}  // namespace

void add_control(CLI::App& app, Action& action) {
  add(app, action, "pause",
      "Hand no more messages to a route's handler; waits for those that it has",
      "gantry pause order-saver", print_paused);
  add(app, action, "resume", "Let a route that is paused go on", "gantry resume order-saver",
      [](const json::object& resumed) {
        std::cout << "resumed " << resumed.at("route").as_string().c_str() << '\n';
      });
  add(app, action, "reload",
      "Have the host read its configuration and libraries again; shows what became of each route",
      "gantry reload", print_reloaded);
}

}  // namespace gantry::cli
