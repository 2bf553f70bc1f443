// The same option twice.
#include "well_behaved.hpp"

static constexpr gantry_option item = well_behaved::option("text");
static constexpr const gantry_option* const items[] = {&item, &item};
MISBEHAVING([](gantry_handler_type& type) {
  type.options = items;
  type.option_count = sizeof items / sizeof items[0];
});
