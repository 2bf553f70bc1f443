#include "support/alerttalk_server.hpp"

#include <algorithm>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <boost/json/parse.hpp>
#include <cctype>
#include <mutex>
#include <thread>
#include <utility>

#include "support/free_port.hpp"

namespace gantry::test {
namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;

namespace {

std::string lower(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return result;
}

AlertRequest to_request(const http::request<http::string_body>& message,
                        const std::string& key_header) {
  AlertRequest request;
  request.method = std::string(message.method_string());
  request.target = std::string(message.target());
  request.body = message.body();
  for (const auto& field : message) {
    request.headers[lower(field.name_string())] = std::string(field.value());
  }
  boost::system::error_code not_json;
  request.json = boost::json::parse(request.body, not_json);
  const auto key = request.headers.find(lower(key_header));
  if (key != request.headers.end()) request.idempotency_key = key->second;
  return request;
}

}  // namespace

struct AlertTalkServer::State {
  std::string key_header;
  std::uint16_t port = 0;
  mutable std::mutex mutex;  // of all below but the thread
  Behaviour behaviour = [](const AlertRequest&) { return AlertReply{}; };
  std::vector<AlertRequest> requests;
  std::map<std::string, std::size_t> by_key;
  std::unique_ptr<asio::io_context> io;
  std::thread thread;

  AlertReply take(AlertRequest request) {
    const std::lock_guard lock(mutex);
    request.number = requests.size() + 1;
    if (!request.idempotency_key.empty()) request.times_seen = ++by_key[request.idempotency_key];
    requests.push_back(std::move(request));
    return behaviour(requests.back());
  }

  asio::awaitable<void> serve(tcp::socket socket) {
    boost::beast::flat_buffer buffer;
    asio::steady_timer timer(socket.get_executor());
    for (;;) {
      http::request<http::string_body> message;
      co_await http::async_read(socket, buffer, message, asio::use_awaitable);
      const AlertReply reply = take(to_request(message, key_header));
      timer.expires_after(reply.delay);
      co_await timer.async_wait(asio::use_awaitable);
      if (reply.then == AlertReply::Then::silence) {
        timer.expires_at(asio::steady_timer::time_point::max());
        co_await timer.async_wait(asio::use_awaitable);
      }
      if (reply.then == AlertReply::Then::reset) {
        socket.set_option(asio::socket_base::linger(true, 0));
        socket.close();
        co_return;
      }
      http::response<http::string_body> answer(static_cast<http::status>(reply.status),
                                               message.version());
      answer.set(http::field::content_type, "application/json");
      for (const auto& [name, value] : reply.headers) answer.set(name, value);
      answer.body() = reply.body;
      answer.keep_alive(message.keep_alive());
      answer.prepare_payload();
      co_await http::async_write(socket, answer, asio::use_awaitable);
      if (!message.keep_alive()) co_return;
    }
  }

  asio::awaitable<void> accept(tcp::acceptor acceptor) {
    for (;;) {
      tcp::socket socket = co_await acceptor.async_accept(asio::use_awaitable);
      socket.set_option(tcp::no_delay(true));
      // A connection that ends in the middle of something is what many tests want: not an error
      // here.
      asio::co_spawn(acceptor.get_executor(), serve(std::move(socket)), asio::detached);
    }
  }
};

AlertTalkServer::AlertTalkServer(std::string idempotency_header)
    : state_(std::make_unique<State>()) {
  state_->key_header = std::move(idempotency_header);
  for (int attempt = 1; state_->io == nullptr; ++attempt) {
    state_->port = free_port();
    try {
      start();
    } catch (const boost::system::system_error&) {
      if (attempt == 10) throw;  // each time somebody else was faster to bind
    }
  }
}

AlertTalkServer::~AlertTalkServer() { stop(); }

void AlertTalkServer::start() {
  if (state_->io != nullptr) return;
  auto io = std::make_unique<asio::io_context>(1);
  tcp::acceptor acceptor(*io, {asio::ip::address_v4::loopback(), state_->port});
  asio::co_spawn(*io, state_->accept(std::move(acceptor)), asio::detached);
  state_->io = std::move(io);
  state_->thread = std::thread([context = state_->io.get()] { context->run(); });
}

void AlertTalkServer::stop() {
  if (state_->io == nullptr) return;
  state_->io->stop();
  state_->thread.join();
  state_->io.reset();  // destroys the waiting coroutines and with them their sockets
}

std::string AlertTalkServer::url(const std::string& path) const {
  return "http://127.0.0.1:" + std::to_string(state_->port) + path;
}

std::uint16_t AlertTalkServer::port() const { return state_->port; }

void AlertTalkServer::behave(Behaviour behaviour) {
  const std::lock_guard lock(state_->mutex);
  state_->behaviour = std::move(behaviour);
}

std::vector<AlertRequest> AlertTalkServer::requests() const {
  const std::lock_guard lock(state_->mutex);
  return state_->requests;
}

std::size_t AlertTalkServer::request_count() const {
  const std::lock_guard lock(state_->mutex);
  return state_->requests.size();
}

std::map<std::string, std::size_t> AlertTalkServer::requests_by_key() const {
  const std::lock_guard lock(state_->mutex);
  return state_->by_key;
}

void AlertTalkServer::wait_for_requests(std::size_t count,
                                        std::chrono::milliseconds timeout) const {
  eventually([&] { return request_count() >= count; }, timeout,
             [&] {
               return std::to_string(count) + " requests to AlertTalk; there were " +
                      std::to_string(request_count());
             });
}

}  // namespace gantry::test
