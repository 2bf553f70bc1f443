// How a call to a database fails. Neither ever holds any part of a dsn.
#pragma once

#include <stdexcept>

namespace gantry::outbox {

// The database cannot be reached, or went away: the same call may work later.
class DatabaseUnavailable : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// The database answered, and with a no: what was tried, its SQLSTATE and its text.
class DatabaseRefused : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace gantry::outbox
