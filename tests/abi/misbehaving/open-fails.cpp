// Refuses its settings in open().
#include "well_behaved.hpp"

static int32_t open(const gantry_host*, const gantry_config*, void**, char* err, size_t size) {
  return well_behaved::fail(err, size, "the template has no placeholder");
}
MISBEHAVING([](gantry_handler_type& type) { type.open = &open; });
