// Needs a host that is newer than this one.
#include "well_behaved.hpp"

MISBEHAVING_ENTRY([](gantry_plugin& plugin) { plugin.min_host_minor = 9999; });
