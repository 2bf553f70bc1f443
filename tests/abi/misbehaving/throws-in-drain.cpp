// Throws from drain().
#include <stdexcept>

#include "well_behaved.hpp"

static void drain(void*, uint32_t) { throw std::runtime_error("thrown in drain"); }
MISBEHAVING([](gantry_handler_type& type) { type.drain = &drain; });
