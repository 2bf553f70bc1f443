// Takes batches of at most no message.
#include "well_behaved.hpp"

MISBEHAVING([](gantry_handler_type& type) { type.max_batch = 0; });
