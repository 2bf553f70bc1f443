#include "dlq/filter.hpp"

#include <algorithm>

#include "dlq/readable.hpp"

namespace gantry::dlq {
namespace {

bool is(const std::string& wanted, const std::string& found) {
  return wanted.empty() || wanted == found;
}

bool reads(const config::Config& config, const std::string& route, const std::string& topic) {
  const auto found = std::ranges::find(config.routes, route, &config::Route::name);
  return found != config.routes.end() &&
         std::ranges::find(found->topics, topic) != found->topics.end();
}

// Nobody's letter, and the filter names a route.
bool adopts(const Filter& filter, const Letter& letter, const config::Config& config) {
  if (!filter.ids.empty()) return true;
  if (!letter.group.empty()) return filter.group == letter.group;
  if (!letter.original) return false;
  return filter.topic == letter.original->topic ||
         reads(config, filter.route, letter.original->topic);
}

}  // namespace

bool matches(const Filter& filter, Letter& letter, const config::Config& config) {
  const bool named =
      filter.ids.empty() || std::ranges::find(filter.ids, letter.id) != filter.ids.end();
  if (!named || !is(filter.reason, letter.reason) || !is(filter.topic, letter.original_topic()) ||
      !is(filter.group, letter.group))
    return false;
  if (filter.key && (!letter.record.key || (*filter.key != *letter.record.key &&
                                            *filter.key != key_text(letter.record.key))))
    return false;
  if (filter.since_ms && letter.time_ms < *filter.since_ms) return false;
  if (filter.until_ms && letter.time_ms >= *filter.until_ms) return false;
  if (filter.route.empty() || filter.route == letter.route) return true;
  if (!letter.route.empty() || !adopts(filter, letter, config)) return false;
  letter.route = filter.route;
  return true;
}

}  // namespace gantry::dlq
