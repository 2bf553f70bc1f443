#include "http/ingress.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <future>
#include <memory>
#include <thread>
#include <utility>

#include "http/ingress/connections.hpp"
#include "http/ingress/session.hpp"
#include "http/listener.hpp"
#include "observe/log.hpp"

namespace gantry::http {
namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
namespace {

const ServerName kServer{"the HTTP server", "[http] listen", "http"};
constexpr config::Milliseconds kLastAnswers{1000};
constexpr std::size_t kOtherFiles = 512;  // what the process has open besides these connections

// The usual soft limit of 1,024 open files is less than the connections that are allowed.
void allow_connections(std::size_t connections) {
  rlimit files{};
  if (::getrlimit(RLIMIT_NOFILE, &files) != 0) return;
  const rlim_t wanted = connections + kOtherFiles;
  if (files.rlim_cur >= wanted) return;
  files.rlim_cur = std::min(wanted, files.rlim_max);
  if (::setrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur == wanted) return;
  log::warning("http", "fewer files may be open than max_connections needs: raise LimitNOFILE",
               {{"files", files.rlim_cur}, {"max_connections", connections}});
}

}  // namespace

class Ingress::Core {
 public:
  explicit Core(const config::Http& config)
      : config_(config),
        connections_(config_),
        acceptor_(listen_on(io_, config.listen, kServer)),
        pause_(io_),
        address_(acceptor_.local_endpoint().address().to_string()),
        port_(acceptor_.local_endpoint().port()) {
    connections_.answers = std::make_shared<Answers>(
        io_, [this](const std::shared_ptr<Exchange>& exchange) { deliver(*exchange); });
    connections_.on_end = [this] {
      if (drained_ && connections_.sessions.empty()) std::exchange(drained_, {})->set_value();
    };
    allow_connections(config_.limits.connections);
  }

  ~Core() {
    drain(kLastAnswers);
    asio::post(io_, [this] {
      connections_.close_all();
      work_.reset();
    });
    if (thread_.joinable()) thread_.join();
  }

  void serve(const std::vector<std::shared_ptr<RequestSource>>& routes) {
    Paths paths;
    for (const auto& route : routes) paths.add(route);
    if (!thread_.joinable()) {
      connections_.admission.paths() = std::move(paths);
      return;
    }
    std::promise<void> taken;
    asio::post(io_, [&] {
      connections_.admission.paths() = std::move(paths);
      taken.set_value();
    });
    taken.get_future().wait();
  }

  void start() {
    accept();
    thread_ = http::serve(io_, kServer);
    log::info("http", "listening", {{"address", address_}, {"port", port_}});
  }

  void drain(config::Milliseconds deadline) {
    if (!thread_.joinable()) return;
    const auto ended = std::make_shared<std::promise<void>>();
    const std::future<void> done = ended->get_future();
    asio::post(io_, [this, ended] {
      error_code ignored;
      acceptor_.close(ignored);
      pause_.cancel();
      drained_ = ended;
      connections_.drain();
      connections_.on_end();  // where there was none
    });
    done.wait_for(deadline);
  }

  const std::string& address() const { return address_; }
  std::uint16_t port() const { return port_; }

 private:
  void accept() {
    acceptor_.async_accept([this](error_code error, tcp::socket socket) {
      if (error == asio::error::operation_aborted || !acceptor_.is_open()) return;
      if (error) return pause(error);
      accept();  // first, so that nothing below can end it
      connections_.add(std::make_shared<Session>(std::move(socket), connections_));
    });
  }

  void pause(const error_code& error) {
    log::warning("http", "a connection could not be accepted", {{"error", error.message()}});
    pause_.expires_after(kAcceptPause);
    pause_.async_wait([this](error_code stopped) {
      if (!stopped) accept();
    });
  }

  void deliver(Exchange& exchange) {
    exchange.source->over();
    connections_.body_bytes -= exchange.bytes;
    if (const auto session = exchange.session.lock()) session->answered(exchange);
  }

  const config::Http config_;
  asio::io_context io_{1};
  asio::executor_work_guard<asio::io_context::executor_type> work_{io_.get_executor()};
  Connections connections_;
  tcp::acceptor acceptor_;
  asio::steady_timer pause_;
  std::shared_ptr<std::promise<void>> drained_;  // kept until the last session has ended
  const std::string address_;
  const std::uint16_t port_;
  std::thread thread_;
};

Ingress::Ingress(const config::Http& config) : core_(std::make_unique<Core>(config)) {}
Ingress::~Ingress() = default;
void Ingress::serve(const std::vector<std::shared_ptr<RequestSource>>& routes) {
  core_->serve(routes);
}
void Ingress::start() { core_->start(); }
void Ingress::drain(config::Milliseconds deadline) { core_->drain(deadline); }
const std::string& Ingress::address() const { return core_->address(); }
std::uint16_t Ingress::port() const { return core_->port(); }

}  // namespace gantry::http
