// Fills the whole error buffer, without the NUL.
#include "well_behaved.hpp"

static int32_t create(void*, const gantry_host*, const gantry_config*, void**, char* err,
                      size_t size) {
  std::memset(err, 'x', size);
  return 1;
}
MISBEHAVING([](gantry_handler_type& type) { type.create = &create; });
