#include "demo/http_requests.hpp"

#include <algorithm>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>

namespace gantry::demo {
namespace asio = boost::asio;
namespace http = boost::beast::http;
namespace {

constexpr std::chrono::seconds kAnswerWithin{20};
constexpr std::chrono::milliseconds kSlice{50};

class Clients {
 public:
  Clients(std::uint16_t port, const std::vector<Request>& requests)
      : port_(port), requests_(requests), answers_(requests.size()) {}

  void start(std::size_t connections) {
    for (std::size_t i = 0; i < std::min(connections, requests_.size()); ++i) {
      asio::co_spawn(io_, client(), asio::detached);
    }
  }
  // True when there is nothing left to do.
  bool work() {
    io_.run_for(kSlice);
    return io_.stopped();
  }
  std::vector<Answer> take_answers() { return std::move(answers_); }

 private:
  // One connection after the other until every request is taken: a request whose connection breaks
  // is one without an answer.
  asio::awaitable<void> client() {
    while (next_ < requests_.size()) {
      try {
        co_await converse();
      } catch (const boost::system::system_error&) {
      }
    }
  }

  asio::awaitable<void> converse() {
    boost::beast::tcp_stream stream(io_);
    boost::beast::flat_buffer buffer;
    const std::size_t begin = next_++;
    stream.expires_after(kAnswerWithin);
    co_await stream.async_connect({asio::ip::address_v4::loopback(), port_}, asio::use_awaitable);
    for (std::size_t i = begin; i < requests_.size(); i = next_++) {
      http::request<http::string_body> request(http::verb::post, requests_[i].path, 11);
      request.set(http::field::host, "127.0.0.1");
      request.set(http::field::content_type, "application/json");
      request.body() = requests_[i].body;
      request.prepare_payload();
      stream.expires_after(kAnswerWithin);
      co_await http::async_write(stream, request, asio::use_awaitable);
      http::response<http::string_body> answer;
      co_await http::async_read(stream, buffer, answer, asio::use_awaitable);
      answers_[i] = {static_cast<int>(answer.result_int()), std::move(answer.body())};
      if (!answer.keep_alive()) co_return;
    }
  }

  asio::io_context io_{1};
  const std::uint16_t port_;
  const std::vector<Request>& requests_;
  std::vector<Answer> answers_;
  std::size_t next_ = 0;
};

}  // namespace

std::vector<Answer> post_all(std::uint16_t port, const std::vector<Request>& requests,
                             std::size_t connections, const embedded::Interrupts& interrupts) {
  Clients clients(port, requests);
  clients.start(connections);
  while (!clients.work()) interrupts.pause(std::chrono::milliseconds{0});
  return clients.take_answers();
}

}  // namespace gantry::demo
