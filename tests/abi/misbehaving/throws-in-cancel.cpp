// Throws from cancel().
#include <stdexcept>

#include "well_behaved.hpp"

static void cancel(void*, gantry_slot) { throw std::runtime_error("thrown in cancel"); }
MISBEHAVING([](gantry_handler_type& type) { type.cancel = &cancel; });
