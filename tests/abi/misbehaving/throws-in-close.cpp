// Throws from close().
#include <stdexcept>

#include "well_behaved.hpp"

static void close(void*) { throw std::runtime_error("thrown in close"); }
MISBEHAVING([](gantry_handler_type& type) { type.close = &close; });
