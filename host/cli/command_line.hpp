// From the arguments to an exit code. Errors go to standard error. The main thread's.
#pragma once

namespace gantry::cli {

int run_command_line(int argc, const char* const* argv);

}  // namespace gantry::cli
