#include "cli/wiring.hpp"

#include <gantry/abi.h>
#include <unistd.h>

#include <algorithm>
#include <string>
#include <vector>

#include "cli/policy_text.hpp"
#include "cli/setting_text.hpp"
#include "plugin/trust.hpp"
#include "route/message/replayed.hpp"

namespace gantry::cli {
namespace {

using config::Config;
using config::Route;

std::string list(const std::vector<std::string>& items) {
  std::string text;
  for (const std::string& item : items) text += (text.empty() ? "" : ", ") + item;
  return text;
}

class Printer {
 public:
  explicit Printer(std::ostream& out) : out_(out) {}
  void line(const std::string& label, const std::string& text) {
    out_ << "  " << label << std::string(label.size() < 13 ? 13 - label.size() : 1, ' ') << text
         << '\n';
  }

 private:
  std::ostream& out_;
};

// Whose libraries are loaded.
std::string owners_text(const Config& config) {
  const std::string owner = plugin::user_name(config.plugin_owner.value_or(geteuid()));
  return owner == "root" ? owner : "root or " + owner;
}

void print_host(std::ostream& out, const Config& config) {
  out << "host " << config.name << '\n';
  Printer printer(out);
  for (const auto& file : config.files) printer.line("file", file.string());
  for (const auto& [name, value] : config.kafka) {
    if (name != "bootstrap.servers" && name != "metadata.broker.list") continue;
    printer.line("brokers", value);
  }
  std::vector<std::string> databases;
  for (const auto& [name, database] : config.databases) databases.push_back(name);
  if (!databases.empty()) printer.line("databases", list(databases));
  printer.line("state", config.state_dir.string());
  printer.line("memory", std::to_string(config.memory_mb) + " MB");
  printer.line("plugins of", owners_text(config));
  if (!config.outbox_databases.empty()) printer.line("outbox of", list(config.outbox_databases));
  if (config.http) printer.line("http", listen_text(config.http->listen));
  if (config.admin.listen) printer.line("admin", listen_text(*config.admin.listen));
}

// What a call takes at most: the route's limit, or the handler's own where that is less.
std::uint32_t batch_limit(const Route& route, const config::Catalog& catalog) {
  const auto wanted = static_cast<std::uint32_t>(route.max_batch);
  const config::HandlerSpec* handler = config::find_handler(catalog, route.handler);
  return handler == nullptr ? wanted : std::min(wanted, handler->max_batch);
}

std::string handler_text(const Route& route, const config::Catalog& catalog) {
  for (const config::PluginSpec& plugin : catalog) {
    for (const config::HandlerSpec& handler : plugin.handlers) {
      if (handler.id != route.handler) continue;
      return handler.id + " of plugin " + plugin.name + " " + plugin.version + ", " +
             plugin.file.string();
    }
  }
  return route.handler;
}

// What only a route with topics has: a client of a request tries again itself, and is told.
void print_delivery(Printer& printer, const Config& config, const Route& route,
                    const config::Catalog& catalog) {
  const config::HandlerSpec* handler = config::find_handler(catalog, route.handler);
  if (!route.http) printer.line("retry", retry_text(route.retry));
  const bool publishes = handler != nullptr && (handler->flags & GANTRY_USES_OUTBOX) != 0;
  if (route.http && !publishes) return;
  std::vector<std::string> families;
  for (const auto family : route.dead_letter.headers) families.emplace_back(name_of(family));
  printer.line("dead letters", topic_text(config, route.dead_letter.topic) + ", headers " +
                                   list(families) +
                                   (route.http ? ": records that the brokers refuse" : ""));
  if (!route.http) printer.line("replays", "from " + route::replay_topic(route.name));
}

void print_route(std::ostream& out, const Config& config, const Route& route,
                 const config::Catalog& catalog) {
  out << "\nroute " << route.name << '\n';
  Printer printer(out);
  for (const std::string& topic : route.topics) printer.line("from", topic_text(config, topic));
  if (route.http) printer.line("from", route.http->method + " " + route.http->path);
  if (!route.http) printer.line("group", route.group);
  printer.line("handler", handler_text(route, catalog));
  for (const auto& [name, setting] : route.settings) {
    printer.line("setting", name + " = " + setting_text(setting));
  }
  for (const auto& [name, output] : route.outputs) {
    std::string text = name + " → " + topic_text(config, output.topic);
    if (output.key_format) text += std::string(", key as ") + name_of(*output.key_format);
    printer.line("output", text);
  }
  printer.line("lanes", std::to_string(route.concurrency) + ", up to " +
                            std::to_string(batch_limit(route, catalog)) +
                            " messages a call, order by " + name_of(route.order));
  print_delivery(printer, config, route, catalog);
}

}  // namespace

void print_wiring(std::ostream& out, const Config& config, const config::Catalog& catalog) {
  print_host(out, config);
  for (const Route& route : config.routes) print_route(out, config, route, catalog);
  if (config.routes.empty()) out << "\nno routes: add files to routes.d beside the configuration\n";
}

}  // namespace gantry::cli
