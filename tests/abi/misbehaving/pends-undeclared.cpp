// Answers PENDING without having declared that it may.
#include "well_behaved.hpp"

static void handle(void*, const gantry_message* const*, size_t, gantry_outcome* rest) {
  rest->verdict = GANTRY_PENDING;
}
MISBEHAVING([](gantry_handler_type& type) { type.handle = &handle; });
