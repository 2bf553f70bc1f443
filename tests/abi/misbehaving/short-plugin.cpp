// Its gantry_plugin is shorter than that of ABI 1.0.
#include "well_behaved.hpp"

MISBEHAVING_ENTRY([](gantry_plugin& plugin) { plugin.struct_size = 16; });
