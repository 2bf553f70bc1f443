#include "control/server.hpp"

#include <pthread.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <thread>
#include <utility>

#include "control/session.hpp"
#include "control/socket_file.hpp"
#include "observe/log.hpp"

namespace gantry::control {
namespace asio = boost::asio;
using asio::local::stream_protocol;
using boost::system::error_code;
namespace {

constexpr std::chrono::milliseconds kAcceptPause{100};

}  // namespace

class Server::Core {
 public:
  Core(const std::filesystem::path& socket, Execute execute)
      : execute_(std::move(execute)),
        file_(socket),
        acceptor_(io_, stream_protocol(), file_.release()),
        pause_(io_) {}

  ~Core() {
    if (!thread_.joinable()) return;
    // A command under way comes to its end, and its answer is sent if it is taken at once.
    asio::post(io_, [this] {
      error_code ignored;
      acceptor_.close(ignored);
      pause_.cancel();
      asio::post(io_, [this] { io_.stop(); });
    });
    thread_.join();
  }

  void start() {
    accept();
    // With the signals of whoever starts it: threads that a command makes are a route's own, and a
    // fault of a handler has to be seen there.
    thread_ = std::thread([this] { run(); });
    pthread_setname_np(thread_.native_handle(), "gantry-control");
    log::info("control", "listening", {{"socket", file_.path().string()}});
  }

 private:
  // What a handler throws (out of memory) ends one connection, not the server.
  void run() {
    for (;;) {
      try {
        io_.run();
        return;
      } catch (const std::exception& error) {
        log::error("control", "a connection failed", {{"error", error.what()}});
      }
    }
  }

  void accept() {
    acceptor_.async_accept([this](error_code error, stream_protocol::socket socket) {
      if (error == asio::error::operation_aborted || !acceptor_.is_open()) return;
      if (error) return pause(error);
      accept();
      std::make_shared<Session>(std::move(socket), execute_)->start();
    });
  }

  void pause(const error_code& error) {
    log::warning("control", "a connection could not be accepted", {{"error", error.message()}});
    pause_.expires_after(kAcceptPause);
    pause_.async_wait([this](error_code stopped) {
      if (!stopped) accept();
    });
  }

  const Execute execute_;
  SocketFile file_;
  asio::io_context io_{1};
  stream_protocol::acceptor acceptor_;
  asio::steady_timer pause_;
  std::thread thread_;
};

Server::Server(const std::filesystem::path& socket, Execute execute)
    : core_(std::make_unique<Core>(socket, std::move(execute))) {}
Server::~Server() = default;
void Server::start() { core_->start(); }

}  // namespace gantry::control
