// handle() does not return for the value "hang".
#include <unistd.h>

#include "well_behaved.hpp"

static void handle(void*, const gantry_message* const* messages, size_t, gantry_outcome*) {
  const gantry_bytes& value = messages[0]->value;
  while (value.size == 4 && std::memcmp(value.data, "hang", 4) == 0) pause();
}
MISBEHAVING([](gantry_handler_type& type) { type.handle = &handle; });
