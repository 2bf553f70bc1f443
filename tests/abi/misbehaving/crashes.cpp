// Ends the process by SIGSEGV for the value "crash".
#include "well_behaved.hpp"

static int* volatile nowhere = nullptr;

static void handle(void*, const gantry_message* const* messages, size_t, gantry_outcome*) {
  const gantry_bytes& value = messages[0]->value;
  if (value.size == 5 && std::memcmp(value.data, "crash", 5) == 0) *nowhere = 1;
}
MISBEHAVING([](gantry_handler_type& type) { type.handle = &handle; });
