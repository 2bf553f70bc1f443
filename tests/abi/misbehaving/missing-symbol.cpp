// Calls a function that no library has.
#include "well_behaved.hpp"

extern "C" void nobody_defines_this();
static void handle(void*, const gantry_message* const*, size_t, gantry_outcome*) {
  nobody_defines_this();
}
MISBEHAVING([](gantry_handler_type& type) { type.handle = &handle; });
