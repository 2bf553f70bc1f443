#include "http/ingress/paths.hpp"

#include <algorithm>

#include "http/ingress/request_source.hpp"

namespace gantry::http {

void Paths::add(const std::shared_ptr<RequestSource>& route) {
  const config::HttpSource& source = *route->route().http;
  Entry entry{source.method, {}, route};
  for (std::string_view path = source.path; !path.empty();) {
    path.remove_prefix(1);
    const std::string_view segment = path.substr(0, path.find('/'));
    path.remove_prefix(segment.size());
    const bool parameter = segment.starts_with('{');
    entry.segments.push_back(
        {std::string(parameter ? segment.substr(1, segment.size() - 2) : segment), parameter});
  }
  entries_.push_back(std::move(entry));
  std::ranges::stable_sort(entries_, [](const Entry& a, const Entry& b) {
    return std::ranges::lexicographical_compare(
        a.segments, b.segments, {}, [](const Segment& segment) { return segment.parameter; },
        [](const Segment& segment) { return segment.parameter; });
  });
}

bool Paths::fits(const Entry& entry, const std::vector<std::string>& segments) {
  return std::ranges::equal(entry.segments, segments,
                            [](const Segment& wanted, const std::string& segment) {
                              return wanted.parameter ? !segment.empty() : wanted.text == segment;
                            });
}

std::shared_ptr<RequestSource> Paths::successor_of(const RequestSource& route) const {
  const config::HttpSource& source = *route.route().http;
  for (const Entry& entry : entries_) {
    const config::HttpSource& other = *entry.route->route().http;
    if (other.method == source.method && other.path == source.path) return entry.route;
  }
  return nullptr;
}

Paths::Match Paths::find(std::string_view method, const std::vector<std::string>& segments) const {
  Match match;
  const std::string_view wanted = method == "HEAD" ? "GET" : method;
  for (const Entry& entry : entries_) {
    if (!fits(entry, segments)) continue;
    match.methods.push_back(entry.method);
    if (match.route != nullptr || entry.method != wanted) continue;
    match.route = entry.route;
    for (std::size_t i = 0; i < segments.size(); ++i) {
      if (entry.segments[i].parameter)
        match.parameters.emplace_back(entry.segments[i].text, segments[i]);
    }
  }
  return match;
}

}  // namespace gantry::http
