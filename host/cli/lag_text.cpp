#include <algorithm>
#include <boost/json.hpp>

#include "cli/lag.hpp"
#include "cli/table.hpp"

namespace gantry::cli {
namespace {

namespace json = boost::json;

std::string or_dash(const std::optional<std::int64_t>& number) {
  return number ? std::to_string(*number) : "-";
}

json::value or_null(const std::optional<std::int64_t>& number) {
  return number ? json::value(*number) : json::value(nullptr);
}

}  // namespace

std::optional<std::int64_t> PartitionLag::lag() const {
  const auto from = committed ? committed : begin;
  if (!from || !end) return std::nullopt;
  return std::max<std::int64_t>(*end - *from, 0);
}

std::int64_t RouteLag::lag() const {
  std::int64_t all = 0;
  for (const PartitionLag& one : partitions) all += one.lag().value_or(0);
  return all;
}

void print_lag(std::ostream& out, const std::vector<RouteLag>& routes) {
  Table table({"ROUTE", "TOPIC", "PARTITION", "COMMITTED", "END", "LAG"});
  for (std::size_t column = 2; column < 6; ++column) table.number_column(column);
  for (const RouteLag& route : routes) {
    for (const PartitionLag& one : route.partitions)
      table.row({route.route, one.topic, std::to_string(one.partition), or_dash(one.committed),
                 or_dash(one.end), or_dash(one.lag())});
    if (route.partitions.size() > 1)
      table.row({route.route, "all", "", "", "", std::to_string(route.lag())});
  }
  table.print(out);
  for (const RouteLag& route : routes)
    for (const std::string& topic : route.missing)
      out << one_line(route.route) << ": there is no topic " << one_line(topic)
          << ", or this user may not see it\n";
}

std::string lag_json(const std::vector<RouteLag>& routes) {
  json::array all;
  for (const RouteLag& route : routes) {
    json::array partitions;
    for (const PartitionLag& one : route.partitions)
      partitions.push_back(json::object{{"topic", one.topic},
                                        {"partition", one.partition},
                                        {"committed", or_null(one.committed)},
                                        {"end", or_null(one.end)},
                                        {"lag", or_null(one.lag())}});
    json::array missing;
    for (const std::string& topic : route.missing) missing.push_back(json::value(topic));
    all.push_back(json::object{{"route", route.route},
                               {"group", route.group},
                               {"lag", route.lag()},
                               {"partitions", std::move(partitions)},
                               {"missingTopics", std::move(missing)}});
  }
  return json::serialize(json::object{{"routes", std::move(all)}});
}

}  // namespace gantry::cli
