// Runs the built program as a person does, and gives what it said. For one thread.
#pragma once

#include <string>
#include <vector>

namespace gantry::test {

struct Ended {
  int code = -1;  // the exit code; -1: it ended by a signal
  std::string out;
  std::string err;
};

// environment: "NAME=value", added to this process's own.
Ended run_program(const std::vector<std::string>& arguments,
                  const std::vector<std::string>& environment = {});

}  // namespace gantry::test
