// Uses the outbox of no database.
#include "well_behaved.hpp"

MISBEHAVING([](gantry_handler_type& type) { type.flags |= GANTRY_USES_OUTBOX; });
