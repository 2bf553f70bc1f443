// The table of gantry.outbox/1: what a handler inserts into gantry_outbox in its own transaction,
// and the call that wakes the relay after it.
#pragma once

#include <gantry/abi.h>

namespace gantry::plugin {

// For the Extensions of a route whose handler uses the outbox, and of no other.
const gantry_outbox_v1& outbox_rows();

}  // namespace gantry::plugin
