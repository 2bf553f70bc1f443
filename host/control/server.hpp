// What changes a running host: HTTP on a Unix socket that only its owner and group may open. Owned
// by the service. A thread of its own reads requests and executes one command after the other.
#pragma once

#include <filesystem>
#include <memory>

#include "control/command.hpp"

namespace gantry::control {

class Server {
 public:
  // Listens, and executes nothing before start(). Throws std::runtime_error with what, where and
  // remedy.
  Server(const std::filesystem::path& socket, Execute execute);
  ~Server();  // waits for the command under way; the socket's file is gone
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  void start();

 private:
  class Core;
  std::unique_ptr<Core> core_;
};

}  // namespace gantry::control
