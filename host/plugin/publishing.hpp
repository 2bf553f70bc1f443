// gantry.publish/1: what a handler publishes for a message, checked and handed to the route, which
// sends it when the message is settled ok. Any thread.
#pragma once

#include <gantry/abi.h>

namespace gantry::plugin {

// For the Extensions of every route: publishing to an output that is not bound says so.
const gantry_publish_v1& publishing();

}  // namespace gantry::plugin
