// What `gantry check --connect` finds out: whether everything that a configuration names is there
// and may be used. Asks brokers and databases, changes nothing.
#pragma once

#include <ostream>

#include "config/catalog.hpp"
#include "config/model.hpp"

namespace gantry::cli {

// A line for each thing, "ok" or "to do" with what to do, as soon as it is known. False: something
// is to do.
bool check_connections(std::ostream& out, const config::Config& config,
                       const config::Catalog& catalog);

}  // namespace gantry::cli
