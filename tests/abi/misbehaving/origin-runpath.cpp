// Keeps the contract, but is linked with a RUNPATH of $ORIGIN.
#include "well_behaved.hpp"

MISBEHAVING([](gantry_handler_type& type) { (void)type; });
