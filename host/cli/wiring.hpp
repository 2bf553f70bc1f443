// Shows a validated configuration to people: topics → route → handler → outputs → dead letters.
// Never a secret. Pure.
#pragma once

#include <ostream>

#include "config/catalog.hpp"
#include "config/model.hpp"

namespace gantry::cli {

void print_wiring(std::ostream& out, const config::Config& config, const config::Catalog& catalog);

}  // namespace gantry::cli
