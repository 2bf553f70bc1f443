// Throws from destroy().
#include <stdexcept>

#include "well_behaved.hpp"

static void destroy(void*) { throw std::runtime_error("thrown in destroy"); }
MISBEHAVING([](gantry_handler_type& type) { type.destroy = &destroy; });
