// Has no version.
#include "well_behaved.hpp"

MISBEHAVING_ENTRY([](gantry_plugin& plugin) { plugin.version = nullptr; });
