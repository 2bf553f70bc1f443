// Refuses its settings and does not say why.
#include "well_behaved.hpp"

static int32_t create(void*, const gantry_host*, const gantry_config*, void**, char*, size_t) {
  return 1;
}
MISBEHAVING([](gantry_handler_type& type) { type.create = &create; });
