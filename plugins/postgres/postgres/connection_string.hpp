// What a handler adds to the operator's connection string: limits that make a dead or frozen server
// show as unavailable instead of as a hang. What the operator wrote wins. Pure function, any
// thread.
#pragma once

#include <string>

namespace postgres {

// Keywords and values of libpq, from a string or URI of either form. Throws std::invalid_argument
// where libpq can't read it; the text holds nothing of it, since it may hold a password.
std::string with_limits(const std::string& connection_string, const std::string& application_name);

}  // namespace postgres
