// As much of JSON Schema as the shipped schemas use, so that tests can hold the reader to them. An
// unknown keyword is an error and not passed over. One thread.
#pragma once

#include <boost/json/value.hpp>

namespace orders::testing {

// Whether the schema accepts the value. Throws std::invalid_argument where the schema uses a
// keyword it does not know.
bool accepts(const boost::json::value& schema, const boost::json::value& value);

}  // namespace orders::testing
