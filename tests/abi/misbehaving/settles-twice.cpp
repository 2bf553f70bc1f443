// Settles its slot twice, with different verdicts.
#include "well_behaved.hpp"

static void handle(void* self, const gantry_message* const* messages, size_t, gantry_outcome*) {
  const gantry_host* host = well_behaved::host_of(self);
  const gantry_slot slot = messages[0]->slot;
  const gantry_outcome first = well_behaved::outcome(GANTRY_OK);
  const gantry_outcome second = well_behaved::outcome(GANTRY_REJECT);
  host->settle(host, slot, &first);
  host->settle(host, slot, &second);
}
MISBEHAVING([](gantry_handler_type& type) { type.handle = &handle; });
