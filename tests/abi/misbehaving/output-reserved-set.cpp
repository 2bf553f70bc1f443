// A reserved field of an output is not 0.
#include "well_behaved.hpp"

static constexpr gantry_output item = [] {
  auto made = well_behaved::output("created");
  made.reserved = 3;
  return made;
}();
static constexpr const gantry_output* const items[] = {&item};
MISBEHAVING([](gantry_handler_type& type) {
  type.outputs = items;
  type.output_count = sizeof items / sizeof items[0];
});
