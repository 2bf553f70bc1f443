// The entry symbol is some other data.
#include "well_behaved.hpp"

MISBEHAVING_ENTRY([](gantry_plugin& plugin) { plugin.magic = 0x12345678; });
