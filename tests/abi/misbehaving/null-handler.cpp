// The array of handlers holds a NULL.
#include "well_behaved.hpp"

static constexpr const gantry_handler_type* the_handlers[] = {nullptr};
constinit const gantry_plugin gantry_plugin_v1 = well_behaved::plugin(the_handlers);
