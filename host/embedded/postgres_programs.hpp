// Where PostgreSQL's server programs are, and who may run them. Start-up, main thread.
#pragma once

#include <filesystem>
#include <optional>
#include <stdexcept>

#include "embedded/child_process.hpp"

namespace gantry::embedded {

// A program that this machine lacks; says what to install.
class ProgramMissing : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// The folder that has both initdb and postgres: $GANTRY_POSTGRES_BIN alone where that is set, else
// the newest of the distributions' places, else one of $PATH. Throws ProgramMissing.
std::filesystem::path find_postgres_programs();

// PostgreSQL refuses to run as root: then it is `postgres`, or `nobody` where there is no such
// user. nullopt: this process is not root, the server runs as its user.
std::optional<User> server_user();

}  // namespace gantry::embedded
