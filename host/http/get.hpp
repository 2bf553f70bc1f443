// One GET of another program's HTTP server, for commands that ask a running host. Blocks its
// caller's thread.
#pragma once

#include <chrono>
#include <string>

#include "config/model.hpp"
#include "http/message.hpp"

namespace gantry::http {

// Any status. Throws std::runtime_error with what and where when nobody answers in time. An address
// that means every interface is asked on loopback.
Response get(const config::Listen& server, const std::string& path,
             std::chrono::milliseconds timeout = std::chrono::seconds(5));

}  // namespace gantry::http
