// The one table from a database's error to what becomes of the message. Pure function, any thread.
#pragma once

#include <outcome/failure.hpp>
#include <string_view>

namespace postgres {

// SQLSTATE as PostgreSQL gives it: five characters. An unknown or empty one is retry.
outcome::Remedy remedy_for(std::string_view sqlstate);

}  // namespace postgres
