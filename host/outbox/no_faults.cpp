#include "outbox/fault_point.hpp"

namespace gantry::outbox {

void fault_point(const char* /*name*/) {}

}  // namespace gantry::outbox
