// The same output twice.
#include "well_behaved.hpp"

static constexpr gantry_output item = well_behaved::output("created");
static constexpr const gantry_output* const items[] = {&item, &item};
MISBEHAVING([](gantry_handler_type& type) {
  type.outputs = items;
  type.output_count = sizeof items / sizeof items[0];
});
