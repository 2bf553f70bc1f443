// Settles in each call the slot of the call before, which has been answered.
#include "well_behaved.hpp"

static gantry_slot before = 0;

static void handle(void* self, const gantry_message* const* messages, size_t, gantry_outcome*) {
  const gantry_host* host = well_behaved::host_of(self);
  const gantry_outcome late = well_behaved::outcome(GANTRY_REJECT);
  if (before != 0) host->settle(host, before, &late);
  before = messages[0]->slot;
}
MISBEHAVING([](gantry_handler_type& type) { type.handle = &handle; });
