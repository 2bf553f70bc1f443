// Settles with a verdict that is none, with PENDING, and without an outcome.
#include "well_behaved.hpp"

static void handle(void* self, const gantry_message* const* messages, size_t, gantry_outcome*) {
  const gantry_host* host = well_behaved::host_of(self);
  const gantry_outcome nonsense = well_behaved::outcome(42);
  const gantry_outcome pending = well_behaved::outcome(GANTRY_PENDING);
  host->settle(host, messages[0]->slot, &nonsense);
  host->settle(host, messages[0]->slot, &pending);
  host->settle(host, messages[0]->slot, nullptr);
}
MISBEHAVING([](gantry_handler_type& type) { type.handle = &handle; });
