#include "cli/route_table.hpp"

#include <cmath>
#include <cstdio>

#include "cli/table.hpp"
#include "cli/time_text.hpp"

namespace gantry::cli {
namespace {

std::string since_text(const HostView& view, const RouteView& route) {
  const auto now = parse_time(view.time, {});
  const auto since = parse_time(route.since, {});
  if (!now || !since) return "-";
  return short_age(std::chrono::duration_cast<std::chrono::milliseconds>(*now - *since));
}

std::string rate_or_dash(const RouteView& route, double RouteRates::*rate) {
  return route.rates ? rate_text((*route.rates).*rate) : "-";
}

}  // namespace

std::string rate_text(double per_second) {
  char text[64];
  const char* format = per_second >= 100 ? "%.0f" : per_second >= 1 ? "%.1f" : "%.2f";
  std::snprintf(text, sizeof text, per_second == 0 ? "%.0f" : format, per_second);
  return text;
}

void print_routes(std::ostream& out, const HostView& view) {
  Table table({"ROUTE", "STATE", "SINCE", "LAG", "OK/S", "FAILED/S", "IN FLIGHT", "WAITING",
               "PARKED", "DEAD LETTERS"});
  for (std::size_t column = 2; column < 10; ++column) table.number_column(column);
  for (const RouteView& route : view.routes)
    table.row({route.name, route.state, since_text(view, route),
               route.lag ? std::to_string(*route.lag) : "-", rate_or_dash(route, &RouteRates::ok),
               rate_or_dash(route, &RouteRates::failed), std::to_string(route.in_flight),
               std::to_string(route.ready_keys), std::to_string(route.parked_keys),
               std::to_string(route.counts.dead_letters)});
  table.print(out);
}

void print_troubles(std::ostream& out, const HostView& view) {
  for (const RouteView& route : view.routes) {
    if (!route.reason.empty() || !route.ready)
      out << one_line(route.name) << " is " << one_line(route.state)
          << (route.reason.empty() ? "" : ": " + one_line(route.reason)) << '\n';
    if (route.errors.empty()) continue;
    const RouteError& last = route.errors.front();
    out << one_line(route.name) << ", last error at " << last.time << ": " << last.verdict;
    if (!last.where.empty()) out << " of " << one_line(last.where);
    if (last.times > 1) out << ", " << last.times << " times";
    if (!last.reason.empty()) out << ": " << one_line(last.reason);
    out << '\n';
  }
}

}  // namespace gantry::cli
