// Throws from handle(): on the value "7" an int, else an exception.
#include <stdexcept>

#include "well_behaved.hpp"

static void handle(void*, const gantry_message* const* messages, size_t, gantry_outcome*) {
  if (messages[0]->value.size == 1 && messages[0]->value.data[0] == '7') throw 7;
  throw std::runtime_error("thrown in handle");
}
MISBEHAVING([](gantry_handler_type& type) { type.handle = &handle; });
