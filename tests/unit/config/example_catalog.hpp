// A library as the tests of the configuration need one: every type of option, outputs, both kinds
// of source.
#pragma once

#include "config/catalog.hpp"

namespace gantry::config::example {

Catalog catalog();

}  // namespace gantry::config::example
