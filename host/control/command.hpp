// A command to the running host and its answer, as plain values. On the socket they are HTTP:
//   POST /pause     the body is the name of a route
//   POST /resume    the same
//   POST /reload
// The answer is JSON: what was done (200), or {"error":"…"} with what to do.
#pragma once

#include <sys/types.h>

#include <functional>
#include <string>

namespace gantry::control {

// Who is at the other end of the socket, as the kernel says (SO_PEERCRED).
struct Peer {
  uid_t uid = 0;
  pid_t pid = 0;
};

struct Command {
  std::string path;
  std::string body;
  Peer peer;
};

struct Answer {
  int status = 200;  // 404: there is no such thing; 409: not now; 422: the configuration is wrong
  std::string body;
};

// May take as long as the command does. What it throws becomes a 500.
using Execute = std::function<Answer(const Command&)>;

}  // namespace gantry::control
