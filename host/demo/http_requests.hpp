// Many requests to one server over a few connections, as many clients would send them. Blocks its
// caller, the main thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "embedded/interrupts.hpp"

namespace gantry::demo {

struct Request {
  std::string path;
  std::string body;  // JSON
};

struct Answer {
  int status = 0;  // 0: none came
  std::string body;
};

// POSTs them in their order, `connections` at a time; the answers are in the order of the requests.
// Throws embedded::Interrupted.
std::vector<Answer> post_all(std::uint16_t port, const std::vector<Request>& requests,
                             std::size_t connections, const embedded::Interrupts& interrupts);

}  // namespace gantry::demo
