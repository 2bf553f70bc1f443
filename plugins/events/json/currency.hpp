// The currencies money can be in: ISO 4217. Pure functions, any thread.
#pragma once

#include <span>
#include <string_view>

namespace orders {

// Whether it is the alphabetic code, in capitals, of an active currency with a minor unit.
bool is_currency(std::string_view code);

std::span<const std::string_view> currencies();  // in alphabetical order

}  // namespace orders
