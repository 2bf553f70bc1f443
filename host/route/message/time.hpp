// The clock that routes go by. It stands still for nobody, whatever the time of day is set to.
#pragma once

#include <chrono>

namespace gantry::route {

using Clock = std::chrono::steady_clock;
using Time = Clock::time_point;
using Milliseconds = std::chrono::milliseconds;

}  // namespace gantry::route
