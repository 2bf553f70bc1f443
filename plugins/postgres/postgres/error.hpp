// What an exception of libpqxx says, as a failure without personal data: SQLSTATE and constraint
// name, never the text, whose details quote rows. The same for libpqxx 6.4 and 7. Any thread.
#pragma once

#include <exception>
#include <optional>
#include <outcome/failure.hpp>
#include <string>
#include <string_view>

namespace postgres {

// nullopt: not an error of a statement, or one that came without (the connection broke).
std::optional<std::string> sqlstate_of(const std::exception& error);

// The name in `… constraint "NAME"` of the server's English message; empty where there is none.
std::string constraint_of(std::string_view message);

// `connected`: whether the connection outlived the error. One that did not makes any error without
// SQLSTATE unavailable.
outcome::Failure describe(const std::exception& error, bool connected);

// For a connection that could not be made: the first line of libpq's text, which names address,
// user and database.
outcome::Failure describe_no_connection(const std::exception& error);

}  // namespace postgres
