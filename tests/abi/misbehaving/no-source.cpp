// Can be bound to nothing.
#include "well_behaved.hpp"

MISBEHAVING([](gantry_handler_type& type) { type.flags = 0; });
