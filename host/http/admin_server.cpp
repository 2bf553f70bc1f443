#include "http/admin_server.hpp"

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <thread>
#include <utility>
#include <vector>

#include "http/admin_session.hpp"
#include "http/listener.hpp"
#include "observe/log.hpp"

namespace gantry::http {
namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
namespace {

const ServerName kServer{"the admin endpoint", "[admin] listen", "admin"};

}  // namespace

class AdminServer::Core {
 public:
  Core(const config::Listen& listen, Endpoints endpoints, AdminLimits limits)
      : endpoints_(std::move(endpoints)),
        limits_(limits),
        acceptor_(listen_on(io_, listen, kServer)),
        pause_(io_),
        address_(acceptor_.local_endpoint().address().to_string()),
        port_(acceptor_.local_endpoint().port()) {
    accept();
    thread_ = serve(io_, kServer);
    log::info("admin", "listening", {{"address", address_}, {"port", port_}});
  }

  ~Core() {
    asio::post(io_, [this] {
      error_code ignored;
      acceptor_.close(ignored);
      pause_.cancel();
      for (const auto& session : living()) session->close();
    });
    thread_.join();
  }

  const std::string& address() const { return address_; }
  std::uint16_t port() const { return port_; }

 private:
  void accept() {
    acceptor_.async_accept([this](error_code error, tcp::socket socket) {
      if (error == asio::error::operation_aborted || !acceptor_.is_open()) return;
      if (error) return pause(error);
      accept();  // first, so that nothing below can end it
      make_room();
      auto session = std::make_shared<AdminSession>(std::move(socket), endpoints_, limits_);
      sessions_.push_back(session);
      session->start();
    });
  }

  void pause(const error_code& error) {
    log::warning("admin", "a connection could not be accepted", {{"error", error.message()}});
    pause_.expires_after(kAcceptPause);
    pause_.async_wait([this](error_code stopped) {
      if (!stopped) accept();
    });
  }

  std::vector<std::shared_ptr<AdminSession>> living() {
    std::erase_if(sessions_, [](const auto& session) { return session.expired(); });
    std::vector<std::shared_ptr<AdminSession>> result;
    for (const auto& session : sessions_) {
      if (auto alive = session.lock()) result.push_back(std::move(alive));
    }
    return result;
  }

  // At the limit whoever has been idle longest goes, so that idle connections never shut out a
  // probe; the oldest where none is idle.
  void make_room() {
    if (sessions_.size() < limits_.connections) return;
    const auto sessions = living();
    if (sessions.size() < limits_.connections) return;
    const auto never = std::chrono::steady_clock::time_point::max();
    const auto longest =
        std::min_element(sessions.begin(), sessions.end(), [&](const auto& a, const auto& b) {
          return a->idle_since().value_or(never) < b->idle_since().value_or(never);
        });
    (*longest)->close();
  }

  const Endpoints endpoints_;
  const AdminLimits limits_;
  std::vector<std::weak_ptr<AdminSession>> sessions_;  // in the order they came
  asio::io_context io_{1};
  tcp::acceptor acceptor_;
  asio::steady_timer pause_;
  const std::string address_;
  const std::uint16_t port_;
  std::thread thread_;
};

AdminServer::AdminServer(const config::Listen& listen, Endpoints endpoints, AdminLimits limits)
    : core_(std::make_unique<Core>(listen, std::move(endpoints), limits)) {}
AdminServer::~AdminServer() = default;
const std::string& AdminServer::address() const { return core_->address(); }
std::uint16_t AdminServer::port() const { return core_->port(); }

}  // namespace gantry::http
