// An option without help.
#include "well_behaved.hpp"

static constexpr gantry_option item = [] {
  auto made = well_behaved::option("text");
  made.help = nullptr;
  return made;
}();
static constexpr const gantry_option* const items[] = {&item};
MISBEHAVING([](gantry_handler_type& type) {
  type.options = items;
  type.option_count = sizeof items / sizeof items[0];
});
