// [[route]] over [defaults].
#include <algorithm>

#include "config/readers.hpp"

namespace gantry::config {
namespace {

constexpr std::array<std::pair<const char*, KeyFormat>, 3> kKeyFormats{
    {{"bytes", KeyFormat::bytes}, {"text", KeyFormat::text}, {"int64", KeyFormat::int64}}};

// What says which route it is: not for [defaults].
constexpr std::array<const char*, 6> kOwnKeys{"name", "handler",  "topics",
                                              "http", "settings", "outputs"};

void read_http(Reader& reader, Route& route) {
  if (!reader.has("http")) return;
  Reader http = reader.table("http");
  HttpSource source;
  if (const auto method = http.required_text("method", "write method = \"POST\"")) {
    source.method = *method;
  }
  if (const auto path = http.required_text("path", "write path = \"/…\"")) source.path = *path;
  if (const auto key = http.text("key")) source.key = *key;
  http.finish();
  route.http = std::move(source);
}

void read_outputs(Reader& reader, Route& route) {
  Reader outputs = reader.table("outputs");
  for (const std::string& name : outputs.keys()) {
    Reader one = outputs.table(name);
    Output output;
    output.name = name;
    output.origin = outputs.origin(name);
    if (const auto topic = one.required_text("topic", "write topic = \"…\", where it goes")) {
      output.topic = *topic;
    }
    output.key_format = one.choice("key_format", kKeyFormats);
    Reader headers = one.table("headers");
    for (const std::string& header : headers.keys()) {
      if (const auto value = headers.text(header)) output.headers[header] = *value;
    }
    one.finish();
    route.outputs.emplace(name, std::move(output));
  }
}

void read_settings(Reader& reader, Session& session, Route& route) {
  Reader settings = reader.table("settings");
  for (const std::string& name : settings.keys()) {
    auto value = settings.any(name);
    if (!value) continue;
    Setting setting;
    setting.value = std::move(*value);
    setting.secret = session.hidden.contains(joined(settings.path(), name));
    setting.origin = settings.origin(name);
    route.settings.emplace(name, std::move(setting));
  }
}

// "{route}" is the one thing that a group may hold in braces.
void expand_group(Reader& reader, Route& route) {
  constexpr std::string_view kName = "{route}";
  std::string group;
  std::string_view rest = route.group;
  while (!rest.empty()) {
    const std::size_t brace = rest.find_first_of("{}");
    group += rest.substr(0, brace);
    if (brace == std::string_view::npos) break;
    rest.remove_prefix(brace);
    if (!rest.starts_with(kName)) {
      reader.report("group", "\"" + route.group + "\" holds a brace that is not {route}",
                    "write {route} for the route's name; other braces are not allowed");
      return;
    }
    group += route.name;
    rest.remove_prefix(kName.size());
  }
  route.group = std::move(group);
}

Route read_route(Reader& reader, Session& session) {
  Route route;
  route.origin = reader.here();
  route.group = "{route}";
  if (const auto name = reader.required_text("name", "write name = \"…\", unique in all files")) {
    route.name = *name;
  }
  if (const auto handler = reader.required_text(
          "handler", "write handler = \"…\", as `gantry plugins` lists them")) {
    route.handler = *handler;
  }
  if (auto topics = reader.texts("topics")) route.topics = std::move(*topics);
  read_http(reader, route);
  read_policy(reader, route);
  read_outputs(reader, route);
  read_settings(reader, session, route);
  expand_group(reader, route);
  reader.finish();
  return route;
}

}  // namespace

void check_defaults(Session& session, const Reader::Layer& defaults) {
  Reader::Layer own = defaults;
  own.own = true;
  Reader reader(session, "defaults", {own});
  Route unused;
  read_policy(reader, unused);
  for (const char* key : kOwnKeys) {
    if (!reader.has(key)) continue;
    reader.report_unknown(key, "is each route's own and has no default",
                          "write it under the [[route]] that it is for");
  }
  reader.finish();
}

void read_routes(Reader& root, Session& session, const Reader::Layer* defaults, Config& config) {
  for (Reader& own : root.tables("route", "name")) {
    Reader reader = defaults == nullptr ? own : own.over(*defaults);
    Route route = read_route(reader, session);
    const auto first = std::find_if(config.routes.begin(), config.routes.end(),
                                    [&](const Route& other) { return other.name == route.name; });
    if (!route.name.empty() && first != config.routes.end()) {
      reader.report("name",
                    "route \"" + route.name + "\" is in " + first_at(first->origin) + " already",
                    "rename or remove one of the two");
      continue;
    }
    config.routes.push_back(std::move(route));
  }
}

}  // namespace gantry::config
