// Sends a command to a running host. Blocks until it has answered.
#pragma once

#include <filesystem>
#include <stdexcept>
#include <string>

#include "control/command.hpp"

namespace gantry::control {

// what() says what to do about it.
class Unreachable : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// path: "/reload". Throws Unreachable.
Answer send_command(const std::filesystem::path& socket, const std::string& path,
                    const std::string& body = {});

}  // namespace gantry::control
