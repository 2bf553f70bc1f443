#include "cli/top_text.hpp"

#include <algorithm>
#include <sstream>

#include "cli/route_table.hpp"
#include "cli/table.hpp"
#include "cli/time_text.hpp"

namespace gantry::cli {
namespace {

double seconds_between(const HostView& before, const HostView& now) {
  const auto from = parse_time(before.time, {});
  const auto to = parse_time(now.time, {});
  if (!from || !to) return 0;
  return std::chrono::duration<double>(*to - *from).count();
}

bool went_on(const RouteCounts& before, const RouteCounts& now) {  // and is no new one of the name
  return now.ok >= before.ok && now.failed >= before.failed &&
         now.unavailable >= before.unavailable;
}

}  // namespace

void use_rates_between(const HostView& before, HostView& now) {
  const double seconds = seconds_between(before, now);
  if (seconds <= 0) return;
  const auto rate = [seconds](std::uint64_t from, std::uint64_t to) {
    return static_cast<double>(to - from) / seconds;
  };
  for (RouteView& route : now.routes) {
    const auto old = std::ranges::find(before.routes, route.name, &RouteView::name);
    if (old == before.routes.end() || !went_on(old->counts, route.counts)) continue;
    route.rates =
        RouteRates{.ok = rate(old->counts.ok, route.counts.ok),
                   .failed = rate(old->counts.failed, route.counts.failed),
                   .unavailable = rate(old->counts.unavailable, route.counts.unavailable)};
  }
}

std::string top_screen(const HostView& view, const std::string& trouble) {
  std::ostringstream out;
  out << "gantry top: host " << one_line(view.host) << ", " << view.time << "; q ends it\n";
  out << one_line(trouble) << '\n';
  print_routes(out, view);
  out << '\n';
  print_troubles(out, view);
  return out.str();
}

std::string top_lines(const HostView& view) {
  std::ostringstream out;
  for (const RouteView& route : view.routes) {
    out << view.time << " route=" << one_line(route.name) << " state=" << one_line(route.state);
    if (route.lag) out << " lag=" << *route.lag;
    if (route.rates)
      out << " ok_per_second=" << rate_text(route.rates->ok)
          << " failed_per_second=" << rate_text(route.rates->failed);
    out << " in_flight=" << route.in_flight << " waiting=" << route.ready_keys
        << " parked=" << route.parked_keys << " dead_letters=" << route.counts.dead_letters << '\n';
  }
  return out.str();
}

}  // namespace gantry::cli
