// An option whose name TOML would have to quote.
#include "well_behaved.hpp"

static constexpr gantry_option item = well_behaved::option("max-bytes");
static constexpr const gantry_option* const items[] = {&item};
MISBEHAVING([](gantry_handler_type& type) {
  type.options = items;
  type.option_count = sizeof items / sizeof items[0];
});
