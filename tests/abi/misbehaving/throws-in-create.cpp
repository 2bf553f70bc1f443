// Throws from create().
#include <stdexcept>

#include "well_behaved.hpp"

static int32_t create(void*, const gantry_host*, const gantry_config*, void**, char*, size_t) {
  throw std::runtime_error("thrown in create");
}
MISBEHAVING([](gantry_handler_type& type) { type.create = &create; });
