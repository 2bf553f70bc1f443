// Keeps the contract: what the others are compared with.
#include "well_behaved.hpp"

MISBEHAVING([](gantry_handler_type& type) { (void)type; });
