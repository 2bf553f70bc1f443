// A place where a test makes the process die, to see what a crash there does. The program `gantry`
// is linked with an empty one (no_faults.cpp); only tests have another.
#pragma once

namespace gantry::outbox {

// name: "outbox.before-publish", rows were read; "outbox.before-delete", records were acknowledged.
void fault_point(const char* name);

}  // namespace gantry::outbox
