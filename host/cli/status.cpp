// gantry status
#include <iostream>
#include <memory>

#include "cli/commands.hpp"
#include "cli/exit_code.hpp"
#include "cli/host_view.hpp"
#include "cli/route_table.hpp"

namespace gantry::cli {
namespace {

struct Options {
  HostAddress host;
  bool json = false;
};

int show_status(const Options& options) {
  const std::string answer = fetch_routes(options.host);
  if (options.json) {
    std::cout << answer;
    return kDone;
  }
  const HostView view = parse_routes(answer);
  if (view.routes.empty()) std::cout << "host " << view.host << " has no routes\n";
  if (view.routes.empty()) return kDone;
  print_routes(std::cout, view);
  print_troubles(std::cout, view);
  return kDone;
}

}  // namespace

void add_status(CLI::App& app, Action& action) {
  CLI::App* command = app.add_subcommand(
      "status", "What each route of the running host does, how fast, and what is wrong");
  const auto options = std::make_shared<Options>();
  add_host_options(*command, options->host);
  command->add_flag("--json", options->json, "For programs: what /routes says");
  command->footer(
      "Rates are of about the last minute. Ends with 0 when the host has answered, with 1 when "
      "nobody does.\nExample: gantry status --admin 127.0.0.1:9464");
  command->callback([options, &action] { action = [options] { return show_status(*options); }; });
}

}  // namespace gantry::cli
