// A handler without create().
#include "well_behaved.hpp"

MISBEHAVING([](gantry_handler_type& type) { type.create = nullptr; });
