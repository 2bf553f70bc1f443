// Its gantry_handler_type is shorter than that of ABI 1.0.
#include "well_behaved.hpp"

MISBEHAVING([](gantry_handler_type& type) { type.struct_size = 24; });
