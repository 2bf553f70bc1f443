// Settles a slot that it was never given.
#include "well_behaved.hpp"

static void handle(void* self, const gantry_message* const*, size_t, gantry_outcome*) {
  const gantry_host* host = well_behaved::host_of(self);
  const gantry_outcome foreign = well_behaved::outcome(GANTRY_OK);
  host->settle(host, 0xFFFFFFFFFFFFull, &foreign);
}
MISBEHAVING([](gantry_handler_type& type) { type.handle = &handle; });
