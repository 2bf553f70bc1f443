// Two handlers have one id.
#include "well_behaved.hpp"

static constexpr gantry_handler_type one = well_behaved::handler(), two = well_behaved::handler();
static constexpr const gantry_handler_type* the_handlers[] = {&one, &two};
constinit const gantry_plugin gantry_plugin_v1 = well_behaved::plugin(the_handlers);
