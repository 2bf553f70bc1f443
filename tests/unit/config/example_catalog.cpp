#include "unit/config/example_catalog.hpp"

#include <gantry/abi.h>

namespace gantry::config::example {
namespace {

OptionSpec option(OptionType type, const char* name, std::optional<std::string> fallback,
                  const char* allowed = "") {
  return {name, std::string("the ") + name, std::move(fallback), allowed, type, false};
}

HandlerSpec saver() {
  HandlerSpec handler{"saver", "saves", GANTRY_SOURCE_TOPIC, 1000, {}, {}, {}, {}, "example"};
  handler.options = {option(OptionType::database, "database", std::nullopt),
                     option(OptionType::text, "table", "\"saved\""),
                     option(OptionType::text, "mode", "\"fast\"", "fast|safe"),
                     option(OptionType::integer, "batch", "100", "1..1000")};
  handler.migrations = {{1, "create_saved", "CREATE TABLE saved (id bigint)", "database"}};
  return handler;
}

HandlerSpec notifier() {
  HandlerSpec handler{"notifier", "notifies", GANTRY_SOURCE_TOPIC | GANTRY_MAY_PEND, 1, {}, {}, {},
                      {},         "example"};
  handler.options = {option(OptionType::url, "url", std::nullopt),
                     option(OptionType::duration_ms, "timeout_ms", "3000", "1..60000"),
                     option(OptionType::text, "token", "\"\""),
                     option(OptionType::text_list, "codes", "[]"),
                     option(OptionType::number, "ratio", "0.5", "0..1"),
                     option(OptionType::boolean, "dry_run", "false")};
  handler.options[2].secret = true;
  return handler;
}

HandlerSpec forwarder() {
  HandlerSpec handler{"forwarder", "forwards", GANTRY_SOURCE_TOPIC, 1, {}, {}, {}, {}, "example"};
  handler.outputs = {{"copy", "where copies go", "text", true},
                     {"extra", "where others go", "bytes", false}};
  return handler;
}

HandlerSpec ingress() {
  HandlerSpec handler{"ingress", "receives", GANTRY_SOURCE_HTTP | GANTRY_USES_OUTBOX, 1, {}, {}, {},
                      {},        "example"};
  handler.options = {option(OptionType::database, "database", std::nullopt)};
  handler.outputs = {{"created", "what was made", "int64", true}};
  return handler;
}

}  // namespace

Catalog catalog() {
  PluginSpec plugin;
  plugin.name = "example";
  plugin.version = "1.2.3";
  plugin.file = "/nowhere/libexample.so";
  plugin.handlers = {saver(), notifier(), forwarder(), ingress()};
  return {plugin};
}

}  // namespace gantry::config::example
