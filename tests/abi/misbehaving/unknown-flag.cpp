// Declares a flag that this host does not know.
#include "well_behaved.hpp"

MISBEHAVING([](gantry_handler_type& type) { type.flags |= 1u << 9; });
