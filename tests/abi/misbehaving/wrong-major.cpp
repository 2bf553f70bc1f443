// Built for a later major version under this one's symbol.
#include "well_behaved.hpp"

MISBEHAVING_ENTRY([](gantry_plugin& plugin) { plugin.abi_major = 2; });
