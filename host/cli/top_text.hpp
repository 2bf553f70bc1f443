// What `gantry top` shows. Pure.
#pragma once

#include <string>

#include "cli/host_view.hpp"

namespace gantry::cli {

// Rates of the time between two looks in the place of those of the last minute, where both know the
// route.
void use_rates_between(const HostView& before, HostView& now);

// trouble: why there was no newer answer; empty: there was.
std::string top_screen(const HostView& view, const std::string& trouble);
// A line a route, for files and pipes: "2026-…Z route=alert state=running lag=0 …".
std::string top_lines(const HostView& view);

}  // namespace gantry::cli
