// Its name has characters that are not allowed.
#include "well_behaved.hpp"

MISBEHAVING_ENTRY([](gantry_plugin& plugin) { plugin.name = "Mis behaving"; });
