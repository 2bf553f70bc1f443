// Throws from open().
#include <stdexcept>

#include "well_behaved.hpp"

static int32_t open(const gantry_host*, const gantry_config*, void**, char*, size_t) {
  throw std::runtime_error("thrown in open");
}
MISBEHAVING([](gantry_handler_type& type) { type.open = &open; });
