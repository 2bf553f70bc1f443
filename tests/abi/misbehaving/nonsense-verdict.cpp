// Answers with a verdict that is none.
#include "well_behaved.hpp"

static void handle(void*, const gantry_message* const*, size_t, gantry_outcome* rest) {
  rest->verdict = 42;
}
MISBEHAVING([](gantry_handler_type& type) { type.handle = &handle; });
