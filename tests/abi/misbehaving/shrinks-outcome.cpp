// Writes over the struct_size of the host's outcome.
#include "well_behaved.hpp"

static void handle(void*, const gantry_message* const*, size_t, gantry_outcome* rest) {
  rest->struct_size = 4;
}
MISBEHAVING([](gantry_handler_type& type) { type.handle = &handle; });
