// A handler without an id.
#include "well_behaved.hpp"

MISBEHAVING([](gantry_handler_type& type) { type.id = nullptr; });
