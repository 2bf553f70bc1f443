#include <gantry/abi.h>

#include <boost/json.hpp>

#include "cli/catalog_text.hpp"

namespace gantry::cli {
namespace {

namespace json = boost::json;

// For programs: the words of gantry/abi.h in lower case.
const char* word_for(config::OptionType type) {
  switch (type) {
    case config::OptionType::boolean:
      return "bool";
    case config::OptionType::integer:
      return "integer";
    case config::OptionType::number:
      return "number";
    case config::OptionType::text:
      return "text";
    case config::OptionType::text_list:
      return "text_list";
    case config::OptionType::duration_ms:
      return "duration_ms";
    case config::OptionType::url:
      return "url";
    case config::OptionType::database:
      break;
  }
  return "database";
}

json::object option_json(const config::OptionSpec& option) {
  json::object object{{"name", option.name},
                      {"type", word_for(option.type)},
                      {"required", !option.fallback.has_value()},
                      {"secret", option.secret},
                      {"help", option.help}};
  if (option.fallback) object["default"] = *option.fallback;
  if (!option.allowed.empty()) object["allowed"] = option.allowed;
  return object;
}

json::object handler_json(const config::HandlerSpec& handler) {
  json::array options, outputs, migrations, extensions;
  for (const auto& option : handler.options) options.push_back(option_json(option));
  for (const auto& output : handler.outputs) {
    outputs.push_back(json::object{{"name", output.name},
                                   {"key_format", output.key_format},
                                   {"required", output.required},
                                   {"help", output.help}});
  }
  for (const auto& migration : handler.migrations) {
    migrations.push_back(json::object{
        {"number", migration.number}, {"name", migration.name}, {"database", migration.database}});
  }
  for (const auto& extension : handler.required_extensions) {
    extensions.push_back(json::value(extension));
  }
  return {{"id", handler.id},
          {"summary", handler.summary},
          {"source_topic", (handler.flags & GANTRY_SOURCE_TOPIC) != 0},
          {"source_http", (handler.flags & GANTRY_SOURCE_HTTP) != 0},
          {"uses_outbox", (handler.flags & GANTRY_USES_OUTBOX) != 0},
          {"may_pend", (handler.flags & GANTRY_MAY_PEND) != 0},
          {"orders_within_batch", (handler.flags & GANTRY_ORDERS_WITHIN_BATCH) != 0},
          {"reads_headers", (handler.flags & GANTRY_READS_NO_HEADERS) == 0},
          {"max_batch", handler.max_batch},
          {"options", std::move(options)},
          {"outputs", std::move(outputs)},
          {"migrations", std::move(migrations)},
          {"required_extensions", std::move(extensions)}};
}

}  // namespace

void print_catalog_json(std::ostream& out, const config::Catalog& catalog) {
  json::array plugins;
  for (const config::PluginSpec& plugin : catalog) {
    json::array handlers;
    for (const auto& handler : plugin.handlers) handlers.push_back(handler_json(handler));
    plugins.push_back(json::object{{"name", plugin.name},
                                   {"version", plugin.version},
                                   {"file", plugin.file.string()},
                                   {"abi_major", plugin.abi_major},
                                   {"min_host_minor", plugin.min_host_minor},
                                   {"built_with", plugin.built_with},
                                   {"handlers", std::move(handlers)}});
  }
  out << json::serialize(plugins) << '\n';
}

}  // namespace gantry::cli
