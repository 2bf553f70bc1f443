// What must be equal after both sequences, whatever the numbers are. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "demo/numbers.hpp"

namespace gantry::demo {

struct Comparison {
  std::string text;    // "each PAID order is one event in trace-topic"
  std::string detail;  // "200 orders = 200 events"
  bool agrees = false;
};

std::vector<Comparison> compare(const Numbers& numbers, const Wiring& wiring);

}  // namespace gantry::demo
