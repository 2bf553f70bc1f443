// What somebody can do with a running development environment, as lines to paste. Pure but for
// looking for kcat and psql in PATH.
#pragma once

#include <ostream>

#include "embedded/development.hpp"

namespace gantry::cli {

void print_dev_guide(std::ostream& out, const embedded::Development& development);

}  // namespace gantry::cli
