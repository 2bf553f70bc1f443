// Refuses its settings in create().
#include "well_behaved.hpp"

static int32_t create(void*, const gantry_host*, const gantry_config*, void**, char* err,
                      size_t size) {
  return well_behaved::fail(err, size, "the template has no placeholder");
}
MISBEHAVING([](gantry_handler_type& type) { type.create = &create; });
