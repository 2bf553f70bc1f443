// Counts more handlers than there can be.
#include "well_behaved.hpp"

MISBEHAVING_ENTRY([](gantry_plugin& plugin) { plugin.handler_count = 1u << 30; });
