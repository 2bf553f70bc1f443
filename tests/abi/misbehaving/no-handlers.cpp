// Has no handlers.
#include "well_behaved.hpp"

MISBEHAVING_ENTRY([](gantry_plugin& plugin) { plugin.handler_count = 0; });
