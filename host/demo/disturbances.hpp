// What other producers put into the topics: events that are there already, byte for byte, and such
// that nobody can read. Pure.
#pragma once

#include <string>
#include <vector>

#include "embedded/kafka.hpp"

namespace gantry::demo {

// `count` of these events once more, with their keys and headers.
std::vector<embedded::Record> copies(const std::vector<embedded::Record>& events,
                                     std::size_t count);

std::vector<embedded::Record> malformed_orders(const std::string& topic);
std::vector<embedded::Record> malformed_coupons(const std::string& topic);

}  // namespace gantry::demo
