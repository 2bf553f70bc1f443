#include "http/get.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <stdexcept>

namespace gantry::http {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using boost::system::error_code;

constexpr std::uint64_t kMostBytes = 64 * 1024 * 1024;

// Begun by its constructor; io.run() does the rest.
class Exchange {
 public:
  Exchange(asio::io_context& io, const asio::ip::tcp::endpoint& server, const std::string& host,
           const std::string& path, std::chrono::milliseconds timeout)
      : stream_(io), request_(beast::http::verb::get, path, 11) {
    request_.set(beast::http::field::host, host);
    request_.set(beast::http::field::connection, "close");
    parser_.body_limit(kMostBytes);
    stream_.expires_after(timeout);  // for all of it
    stream_.async_connect(server, [this](error_code error) {
      if (error) return fail(error);
      write();
    });
  }

  error_code error() const { return error_; }
  const auto& response() const { return parser_.get(); }

 private:
  void write() {
    beast::http::async_write(stream_, request_, [this](error_code error, std::size_t) {
      if (error) return fail(error);
      beast::http::async_read(stream_, buffer_, parser_,
                              [this](error_code failed, std::size_t) { fail(failed); });
    });
  }
  void fail(error_code error) { error_ = error; }

  beast::tcp_stream stream_;
  beast::http::request<beast::http::empty_body> request_;
  beast::flat_buffer buffer_;
  beast::http::response_parser<beast::http::string_body> parser_;
  error_code error_;
};

}  // namespace

Response get(const config::Listen& server, const std::string& path,
             std::chrono::milliseconds timeout) {
  error_code no_address;
  auto address = asio::ip::make_address(server.address, no_address);
  const std::string host = server.address + ":" + std::to_string(server.port);
  if (no_address) throw std::runtime_error("\"" + server.address + "\" is not an IP address");
  if (address.is_unspecified())
    address = address.is_v6() ? asio::ip::address(asio::ip::address_v6::loopback())
                              : asio::ip::address(asio::ip::address_v4::loopback());
  asio::io_context io{1};
  const Exchange exchange(io, {address, server.port}, host, path, timeout);
  io.run();
  if (exchange.error())
    throw std::runtime_error("no host answers at " + host + ": " + exchange.error().message());
  Response response;
  response.status = static_cast<int>(exchange.response().result_int());
  response.body = exchange.response().body();
  return response;
}

}  // namespace gantry::http
