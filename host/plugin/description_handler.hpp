// The part of description.hpp that is one handler. Used by description.cpp only.
#pragma once

#include "plugin/description.hpp"
#include "plugin/description_check.hpp"

namespace gantry::plugin {

// The id stays empty where not even that can be read.
config::HandlerSpec describe_handler(const gantry_handler_type* type, const Check& check,
                                     const ExtensionIds& offered);

}  // namespace gantry::plugin
