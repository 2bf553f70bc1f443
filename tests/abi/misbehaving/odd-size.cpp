// A struct_size that no struct can have.
#include "well_behaved.hpp"

MISBEHAVING([](gantry_handler_type& type) { type.struct_size += 1; });
