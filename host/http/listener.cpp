#include "http/listener.hpp"

#include <pthread.h>
#include <signal.h>

#include <stdexcept>

#include "observe/log.hpp"

namespace gantry::http {
namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
namespace {

std::string shown(const config::Listen& listen) {
  const bool v6 = listen.address.find(':') != std::string::npos && listen.address.front() != '[';
  return (v6 ? '[' + listen.address + ']' : listen.address) + ':' + std::to_string(listen.port);
}

[[noreturn]] void fail(const config::Listen& listen, const ServerName& server,
                       const error_code& error) {
  std::string remedy = "Give an address of this machine and a free port.";
  if (error == asio::error::address_in_use) {
    remedy = "Choose another port, or end what listens there (ss -ltnp shows it).";
  } else if (error == asio::error::access_denied) {
    remedy = "Choose a port above 1023, or give the process CAP_NET_BIND_SERVICE.";
  }
  throw std::runtime_error(server.text + " can't listen on " + shown(listen) + " (" + server.key +
                           "): " + error.message() + ". " + remedy);
}

tcp::endpoint resolve(asio::io_context& io, const config::Listen& listen,
                      const ServerName& server) {
  std::string name = listen.address;
  if (name.size() > 2 && name.front() == '[' && name.back() == ']') {
    name = name.substr(1, name.size() - 2);
  }
  error_code error;
  const auto address = asio::ip::make_address(name, error);
  if (!error) return {address, listen.port};
  const auto found =
      tcp::resolver(io).resolve(name, std::to_string(listen.port), tcp::resolver::passive, error);
  if (error || found.empty()) fail(listen, server, error);
  return found.begin()->endpoint();
}

void run(asio::io_context& io, const std::string& component) {
  for (;;) {
    try {
      io.run();
      return;
    } catch (const std::exception& error) {
      log::error(component, "a connection failed", {{"error", error.what()}});
    }
  }
}

}  // namespace

tcp::acceptor listen_on(asio::io_context& io, const config::Listen& listen,
                        const ServerName& server) {
  const tcp::endpoint endpoint = resolve(io, listen, server);
  tcp::acceptor acceptor(io);
  error_code error;
  const auto check = [&] {
    if (error) fail(listen, server, error);
  };
  acceptor.open(endpoint.protocol(), error), check();
  acceptor.set_option(tcp::acceptor::reuse_address(true), error), check();
  acceptor.bind(endpoint, error), check();
  acceptor.listen(asio::socket_base::max_listen_connections, error), check();
  return acceptor;
}

std::thread serve(asio::io_context& io, const ServerName& server) {
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  std::thread thread([&io, component = server.log] { run(io, component); });
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  pthread_setname_np(thread.native_handle(), ("gantry-" + server.log).c_str());
  return thread;
}

}  // namespace gantry::http
