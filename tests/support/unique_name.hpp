// Names that keep tests apart which share a cluster, a database server or a file system. Any
// thread.
#pragma once

#include <string>

namespace gantry::test {

// "orders" → "orders-8f3a09c1": not used before by any test.
std::string unique_name(const std::string& stem);

}  // namespace gantry::test
