// The routes by themselves and among each other, whatever their handlers are.
#include <algorithm>
#include <map>
#include <set>

#include "config/validations.hpp"

namespace gantry::config {
namespace {

constexpr const char* kLegalName = "use at most 249 letters, digits, \".\", \"_\" and \"-\"";

void validate_names(const Config& config, const Route& route, Problems& problems) {
  if (route.name.empty()) return;  // reported by load
  if (const std::string fault = name_fault(route.name); !fault.empty()) {
    problems.push_back({at(config, route, "name"), "\"" + route.name + "\" " + fault, kLegalName});
  } else if (config.name.size() + 1 + route.name.size() > 249) {
    problems.push_back({at(config, route, "name"),
                        "with the host's name it is longer than the 249 characters that "
                        "group.instance.id may have",
                        "shorten the route's name or the host's"});
  } else if (!route.topics.empty() &&
             std::string("gantry.replay.").size() + route.name.size() > 249) {
    problems.push_back({at(config, route, "name"),
                        "with \"gantry.replay.\" before it, it is longer than the 249 characters "
                        "that a topic may have",
                        "shorten the route's name"});
  }
  const bool printable = std::none_of(route.group.begin(), route.group.end(),
                                      [](unsigned char c) { return c < 0x20 || c == 0x7f; });
  if (route.group.empty() || !printable || route.group.front() == ' ' ||
      route.group.back() == ' ') {
    problems.push_back({at(config, route, "group"), "is not the name of a consumer group",
                        "write text without control characters and without blanks at its ends"});
  }
}

void validate_source(const Config& config, const Route& route, Problems& problems) {
  const Origin where = at(config, route, "topics");
  if (route.topics.empty() && !route.http && !config.origins.contains(where.path)) {
    problems.push_back({route.origin, "has no source", "write topics = [\"…\"]"});
  } else if (route.topics.empty() && !route.http) {
    problems.push_back({where, "names no topic", "write topics = [\"…\"]"});
  }
  if (!route.topics.empty() && route.http) {
    problems.push_back(
        {where, "a route has topics or an http source, not both", "make two routes of it"});
  }
  std::set<std::string> seen;
  for (const std::string& topic : route.topics) {
    if (const std::string fault = name_fault(topic); !fault.empty()) {
      problems.push_back({where, "\"" + topic + "\" " + fault, kLegalName});
    }
    if (!seen.insert(topic).second) {
      problems.push_back({where, "\"" + topic + "\" is listed twice", "list each topic once"});
    }
  }
}

void validate_dead_letter(const Config& config, const Route& route, Problems& problems) {
  const Origin where = at(config, route, "dead_letter.topic");
  const std::string& topic = route.dead_letter.topic;
  if (const std::string fault = name_fault(topic); !fault.empty()) {
    problems.push_back({where, "\"" + topic + "\" " + fault, kLegalName});
  }
  if (std::find(route.topics.begin(), route.topics.end(), topic) != route.topics.end()) {
    problems.push_back({where,
                        "the route's dead letters would go to \"" + topic +
                            "\", which it reads itself: a bad message would go round for ever",
                        "name another topic for them, or another to read"});
  }
}

void validate_group_sharing(const Config& config, Problems& problems) {
  std::map<std::pair<std::string, std::string>, const Route*> readers;  // group and topic
  for (const Route& route : config.routes) {
    for (const std::string& topic : std::set(route.topics.begin(), route.topics.end())) {
      const auto [first, added] = readers.emplace(std::pair(route.group, topic), &route);
      if (added) continue;
      const Route& other = *first->second;
      problems.push_back({at(config, route, "group"),
                          "route \"" + route.name + "\" and route \"" + other.name + "\" (" +
                              other.origin.file.string() + ":" + std::to_string(other.origin.line) +
                              ") read \"" + topic + "\" in one group, \"" + route.group +
                              "\": each would get only a part of the messages",
                          "give each a group of its own; group = \"…-{route}\" under [defaults] "
                          "does it for all"});
    }
  }
}

}  // namespace

void validate_routes(const Config& config, Problems& problems) {
  for (const Route& route : config.routes) {
    validate_names(config, route, problems);
    validate_source(config, route, problems);
    validate_dead_letter(config, route, problems);
    if (route.retry.max_backoff < route.retry.backoff) {
      problems.push_back({at(config, route, "retry.max_backoff_ms"),
                          std::to_string(route.retry.max_backoff.count()) +
                              " is less than backoff_ms, " +
                              std::to_string(route.retry.backoff.count()),
                          "raise max_backoff_ms or lower backoff_ms"});
    }
    for (const auto& [name, output] : route.outputs) {
      const std::string fault = output.topic.empty() ? "" : name_fault(output.topic);
      if (!fault.empty()) {
        problems.push_back({at(config, route, "outputs." + name + ".topic"),
                            "\"" + output.topic + "\" " + fault, kLegalName});
      }
    }
  }
  validate_group_sharing(config, problems);
}

}  // namespace gantry::config
