// Gives as its reason 4,000 bytes that are not UTF-8.
#include "well_behaved.hpp"

static char garbage[4000];

static void handle(void*, const gantry_message* const*, size_t, gantry_outcome* rest) {
  std::memset(garbage, 0xFF, sizeof garbage);
  rest->verdict = GANTRY_REJECT;
  rest->reason = {garbage, sizeof garbage};
}
MISBEHAVING([](gantry_handler_type& type) { type.handle = &handle; });
