// Reads a setting in handle(), when the settings are no longer valid.
#include "well_behaved.hpp"

static const gantry_config* kept;

static int32_t create(void*, const gantry_host* host, const gantry_config* config, void** self,
                      char*, size_t) {
  kept = config;
  *self = const_cast<gantry_host*>(host);
  return 0;
}
static void handle(void* self, const gantry_message* const*, size_t, gantry_outcome* rest) {
  gantry_str text;
  if (well_behaved::host_of(self)->config_text(kept, "text", 0, &text) == 1) {
    rest->verdict = GANTRY_REJECT;
  }
}
MISBEHAVING([](gantry_handler_type& type) {
  type.create = &create;
  type.handle = &handle;
});
