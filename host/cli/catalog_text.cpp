#include "cli/catalog_text.hpp"

#include <gantry/abi.h>

#include <string>

#include "config/option_value.hpp"

namespace gantry::cli {
namespace {

std::string sources_of(const config::HandlerSpec& handler) {
  const bool topic = (handler.flags & GANTRY_SOURCE_TOPIC) != 0;
  const bool http = (handler.flags & GANTRY_SOURCE_HTTP) != 0;
  if (topic && http) return "topics or HTTP";
  return topic ? "topics" : "HTTP";
}

std::string option_text(const config::OptionSpec& option) {
  std::string text = config::type_name(option.type);
  if (!option.allowed.empty()) text += " " + option.allowed;
  text += option.fallback ? ", default " + *option.fallback : ", required";
  if (option.secret && option.type != config::OptionType::database) text += ", secret";
  return text;
}

void print_handler(std::ostream& out, const config::HandlerSpec& handler) {
  out << "  handler " << handler.id << ": " << handler.summary << '\n'
      << "    from " << sources_of(handler) << ", up to " << handler.max_batch
      << (handler.max_batch == 1 ? " message" : " messages") << " a call";
  if ((handler.flags & GANTRY_USES_OUTBOX) != 0) out << ", uses the outbox";
  if ((handler.flags & GANTRY_MAY_PEND) != 0) out << ", settles later";
  if ((handler.flags & GANTRY_ORDERS_WITHIN_BATCH) != 0) out << ", orders within a batch";
  out << '\n';
  for (const config::OptionSpec& option : handler.options) {
    out << "    setting " << option.name << " (" << option_text(option) << "): " << option.help
        << '\n';
  }
  for (const config::OutputSpec& output : handler.outputs) {
    out << "    output " << output.name << " (key as " << output.key_format
        << (output.required ? ", required" : "") << "): " << output.help << '\n';
  }
  for (const config::MigrationSpec& migration : handler.migrations) {
    out << "    migration " << migration.number << " " << migration.name
        << " (in the database of setting " << migration.database << ")\n";
  }
  for (const std::string& extension : handler.required_extensions) {
    out << "    requires " << extension << '\n';
  }
}

}  // namespace

void print_catalog(std::ostream& out, const config::Catalog& catalog) {
  for (const config::PluginSpec& plugin : catalog) {
    out << plugin.name << " " << plugin.version << "  " << plugin.file.string() << '\n'
        << "  plugin ABI " << plugin.abi_major << ", host minor version from "
        << plugin.min_host_minor << " on, built with " << plugin.built_with << '\n';
    for (const config::HandlerSpec& handler : plugin.handlers) print_handler(out, handler);
  }
  if (catalog.empty()) out << "no plugins: none is listed with [[plugin]]\n";
}

}  // namespace gantry::cli
