// Requires an extension that no host offers.
#include "well_behaved.hpp"

static constexpr const char* ids[] = {"acme.telepathy/1"};
MISBEHAVING([](gantry_handler_type& type) {
  type.required_extensions = ids;
  type.required_extension_count = 1;
});
