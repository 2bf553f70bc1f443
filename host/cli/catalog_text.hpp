// What libraries offer, for people and for programs. Pure.
#pragma once

#include <ostream>

#include "config/catalog.hpp"

namespace gantry::cli {

void print_catalog(std::ostream& out, const config::Catalog& catalog);

// One array of plugins; the field names are those of gantry/abi.h where there are any.
void print_catalog_json(std::ostream& out, const config::Catalog& catalog);

}  // namespace gantry::cli
