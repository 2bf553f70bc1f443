// HTTP sources: a method and path that no other route has, and nothing that only topics have.
#include <algorithm>
#include <set>

#include "config/nearest.hpp"
#include "config/validations.hpp"

namespace gantry::config {
namespace {

const std::vector<std::string> kMethods{"GET", "POST", "PUT", "PATCH", "DELETE"};

struct Path {
  std::vector<std::string> parameters;
  std::string shape;  // with every parameter as "{}": what tells two paths apart
};

bool is_literal(std::string_view segment) {
  return !segment.empty() && segment != "." && segment != ".." &&
         segment.find_first_of("{}?#%\\ ") == std::string_view::npos;
}

// nullopt when it is not /a/{b}/c.
std::optional<Path> read_path(std::string_view path) {
  Path result;
  if (path == "/") return Path{{}, "/"};
  if (!path.starts_with('/')) return std::nullopt;
  while (!path.empty()) {
    path.remove_prefix(1);
    const std::string_view segment = path.substr(0, path.find('/'));
    path.remove_prefix(segment.size());
    const bool braces = segment.size() > 2 && segment.front() == '{' && segment.back() == '}';
    const std::string_view name = braces ? segment.substr(1, segment.size() - 2) : segment;
    if (!is_literal(name)) return std::nullopt;
    if (braces) result.parameters.emplace_back(name);
    result.shape += "/" + (braces ? "{}" : std::string(segment));
  }
  return result;
}

void validate_parameters(const Config& config, const Route& route, const Path& path,
                         Problems& problems) {
  const Origin where = at(config, route, "http.path");
  std::set<std::string> seen{"method", "path"};  // ":method" and ":path" are the request's own
  for (const std::string& name : path.parameters) {
    if (!seen.insert(name).second)
      problems.push_back(
          {where, "a parameter can not be named \"" + name + "\" here",
           "give each parameter a name of its own, and none \"method\" or \"path\""});
  }
  const std::string& key = route.http->key;
  const bool known = key.empty() || (key.front() == ':' &&
                                     std::ranges::count(path.parameters, key.substr(1)) != 0);
  if (!known)
    problems.push_back({at(config, route, "http.key"),
                        "\"" + key + "\" is not a parameter of the path",
                        "write \":name\" for a {name} in the path"});
}

// Written for the route itself; what [defaults] say is for the others.
void validate_topic_keys(const Config& config, const Route& route, Problems& problems) {
  for (const std::string key :
       {"retry", "dead_letter", "consumer", "group", "crash_limit", "stall_after_ms"}) {
    const std::string path = at(config, route, key).path;
    for (auto one = config.origins.lower_bound(path); one != config.origins.end(); ++one) {
      if (!one->first.starts_with(path)) break;
      const bool own = one->second.path.starts_with(route.origin.path);
      const std::string_view rest = std::string_view(one->first).substr(path.size());
      if (!own || (!rest.empty() && rest.front() != '.')) continue;
      problems.push_back({one->second, "a route with an http source has no " + key,
                          "remove it: the client gets the answer, and tries again itself"});
      break;
    }
  }
}

}  // namespace

void validate_http_source(const Config& config, const Route& route, Problems& problems) {
  if (!route.http) return;
  const HttpSource& http = *route.http;
  if (!config.http)
    problems.push_back({at(config, route, "http"), "there is no [http] to receive requests",
                        "add [http] with listen = \"127.0.0.1:8080\" to gantry.toml"});
  validate_topic_keys(config, route, problems);
  if (!http.method.empty() &&
      std::find(kMethods.begin(), kMethods.end(), http.method) == kMethods.end()) {
    problems.push_back({at(config, route, "http.method"), "\"" + http.method + "\" is not a method",
                        suggestion(http.method, kMethods)});
  }
  const auto path = read_path(http.path);
  if (path) {
    validate_parameters(config, route, *path, problems);
  } else if (!http.path.empty()) {
    problems.push_back({at(config, route, "http.path"), "\"" + http.path + "\" is not a path",
                        "write for example \"/payments\" or \"/coupons/{couponId}/requests\""});
  }
  for (const Route& other : config.routes) {
    if (&other == &route) break;
    if (!path || !other.http || other.http->method != http.method) continue;
    const auto others = read_path(other.http->path);
    if (others && others->shape == path->shape) {
      problems.push_back({at(config, route, "http"),
                          "route \"" + other.name + "\" serves " + http.method + " " +
                              other.http->path + " already, in " + other.origin.file.string() +
                              ":" + std::to_string(other.origin.line),
                          "give one of them another path"});
    }
  }
}

}  // namespace gantry::config
