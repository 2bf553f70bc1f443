// The table of what went in and came out of each step. Pure but for the screen.
#pragma once

#include "demo/numbers.hpp"
#include "demo/screen.hpp"

namespace gantry::demo {

void show_table(Screen& screen, const Numbers& numbers, const Wiring& wiring);

}  // namespace gantry::demo
