// Its gantry_option is shorter than that of ABI 1.0.
#include "well_behaved.hpp"

static constexpr gantry_option item = [] {
  auto made = well_behaved::option("text");
  made.struct_size = 8;
  return made;
}();
static constexpr const gantry_option* const items[] = {&item};
MISBEHAVING([](gantry_handler_type& type) {
  type.options = items;
  type.option_count = sizeof items / sizeof items[0];
});
