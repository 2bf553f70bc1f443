// A migration, but no database option.
#include "well_behaved.hpp"

static constexpr gantry_migration item = well_behaved::migration(1);
static constexpr const gantry_migration* const items[] = {&item};
MISBEHAVING([](gantry_handler_type& type) {
  type.migrations = items;
  type.migration_count = sizeof items / sizeof items[0];
});
