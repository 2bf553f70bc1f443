// What the servers of this room have in common: a socket that listens, and a thread that serves it.
// Used by whoever starts a server.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <string>
#include <thread>

#include "config/model.hpp"

namespace gantry::http {

// How long a server waits after a connection could not be accepted (out of file descriptors,
// mostly): trying again at once would only spin.
constexpr std::chrono::milliseconds kAcceptPause{100};

struct ServerName {
  std::string text;  // for errors: "the admin endpoint"
  std::string key;   // the configuration's: "[admin] listen"
  std::string log;   // the log's component, and the thread's name after "gantry-"
};

// Throws std::runtime_error with what, where and remedy when it can't listen there.
boost::asio::ip::tcp::acceptor listen_on(boost::asio::io_context& io, const config::Listen& listen,
                                         const ServerName& server);

// A thread that runs `io` until it has nothing left to do. What a handler throws (out of memory)
// ends one connection, not the server. Signals are left to the service's thread.
std::thread serve(boost::asio::io_context& io, const ServerName& server);

}  // namespace gantry::http
