// The routes of a running host as a table, for people. Pure.
#pragma once

#include <ostream>

#include "cli/host_view.hpp"

namespace gantry::cli {

// One line a route. Where a route's rates are not known, "-".
void print_routes(std::ostream& out, const HostView& view);
// Of routes that are not well: why, and what went wrong last.
void print_troubles(std::ostream& out, const HostView& view);

std::string rate_text(double per_second);  // "0", "0.25", "12.5", "1503"

}  // namespace gantry::cli
