#include "cli/wiring.hpp"

#include <algorithm>
#include <sstream>
#include <string>
#include <vector>

#include "cli/setting_text.hpp"

namespace gantry::cli {
namespace {

using config::Config;
using config::Route;

std::string list(const std::vector<std::string>& items) {
  std::string text;
  for (const std::string& item : items) text += (text.empty() ? "" : ", ") + item;
  return text;
}

std::string number(double value) {
  std::ostringstream text;
  text << value;
  return text.str();
}

const char* name_of(config::Order order) {
  switch (order) {
    case config::Order::key:
      return "key";
    case config::Order::partition:
      return "partition";
    case config::Order::none:
      break;
  }
  return "none";
}

const char* name_of(config::KeyFormat format) {
  switch (format) {
    case config::KeyFormat::text:
      return "text";
    case config::KeyFormat::int64:
      return "int64";
    case config::KeyFormat::bytes:
      break;
  }
  return "bytes";
}

const char* name_of(config::HeaderFamily family) {
  switch (family) {
    case config::HeaderFamily::spring:
      return "spring";
    case config::HeaderFamily::connect:
      return "connect";
    case config::HeaderFamily::gantry:
      break;
  }
  return "gantry";
}

std::string topic_text(const Config& config, const std::string& name) {
  const auto declared = config.topics.find(name);
  if (declared == config.topics.end()) return name + " (not declared)";
  return name + " (" + std::to_string(declared->second.partitions) + " partitions, " +
         std::to_string(declared->second.replicas) + " replicas)";
}

std::string retry_text(const config::Retry& retry) {
  if (retry.max_attempts == 1) return "none";
  std::string text = std::to_string(retry.max_attempts - 1) + " times after " +
                     std::to_string(retry.backoff.count()) + " ms";
  if (retry.multiplier > 1) {
    text += ", each time " + number(retry.multiplier) + " times as long, at most " +
            std::to_string(retry.max_backoff.count()) + " ms";
  }
  if (retry.jitter > 0) text += ", ±" + number(retry.jitter * 100) + " %";
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
  if (config.admin.listen) {
    printer.line("admin",
                 config.admin.listen->address + ":" + std::to_string(config.admin.listen->port));
  }
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

void print_route(std::ostream& out, const Config& config, const Route& route,
                 const config::Catalog& catalog) {
  out << "\nroute " << route.name << '\n';
  Printer printer(out);
  for (const std::string& topic : route.topics) printer.line("from", topic_text(config, topic));
  printer.line("group", route.group);
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
  printer.line("retry", retry_text(route.retry));
  std::vector<std::string> families;
  for (const auto family : route.dead_letter.headers) families.emplace_back(name_of(family));
  printer.line("dead letters",
               topic_text(config, route.dead_letter.topic) + ", headers " + list(families));
}

}  // namespace

void print_wiring(std::ostream& out, const Config& config, const config::Catalog& catalog) {
  print_host(out, config);
  for (const Route& route : config.routes) print_route(out, config, route, catalog);
  if (config.routes.empty()) out << "\nno routes: add files to routes.d beside the configuration\n";
}

}  // namespace gantry::cli
