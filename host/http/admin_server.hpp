// The read-only admin endpoint: answers GET and HEAD on a few paths. Owned by the service; one
// thread of its own serves all connections, asynchronously, so that a slow client delays nobody.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "config/model.hpp"
#include "http/message.hpp"

namespace gantry::http {

struct AdminLimits {
  std::size_t header_bytes = 8 * 1024;  // more: 431
  std::size_t body_bytes = 16 * 1024;   // more: 413; no endpoint looks at a body
  std::chrono::milliseconds request{
      10'000};  // from its first byte to its last, and for the answer to be taken
  std::chrono::milliseconds idle{60'000};  // between two requests of a connection
  std::size_t connections = 1000;          // more: the one that is idle the longest is closed
};

class AdminServer {
 public:
  // Binds and serves. Throws std::runtime_error with what, where and remedy when it can't listen
  // there.
  AdminServer(const config::Listen& listen, Endpoints endpoints, AdminLimits limits = {});
  ~AdminServer();  // closes all connections and joins the thread
  AdminServer(const AdminServer&) = delete;
  AdminServer& operator=(const AdminServer&) = delete;

  // Where it listens, with the port that was chosen for port 0: "127.0.0.1", 9464.
  const std::string& address() const;
  std::uint16_t port() const;

 private:
  class Core;
  std::unique_ptr<Core> core_;
};

}  // namespace gantry::http
