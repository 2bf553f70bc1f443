// How the program ends. 64, 69 and 78 are EX_USAGE, EX_UNAVAILABLE (a program is missing, or no
// host runs) and EX_CONFIG of sysexits.h.
#pragma once

namespace gantry::cli {

enum ExitCode { kDone = 0, kFailed = 1, kUsage = 64, kUnavailable = 69, kBadConfiguration = 78 };

}  // namespace gantry::cli
