// An option of a type that this host does not know.
#include "well_behaved.hpp"

static constexpr gantry_option item = [] {
  auto made = well_behaved::option("text");
  made.type = 99;
  return made;
}();
static constexpr const gantry_option* const items[] = {&item};
MISBEHAVING([](gantry_handler_type& type) {
  type.options = items;
  type.option_count = sizeof items / sizeof items[0];
});
