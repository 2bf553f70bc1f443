// One connection to the admin endpoint: reads a request, answers it, waits for the next. Kept alive
// by its pending operation; the server's thread alone touches it.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <chrono>
#include <memory>
#include <optional>

#include "http/admin_server.hpp"

namespace gantry::http {

class AdminSession : public std::enable_shared_from_this<AdminSession> {
 public:
  AdminSession(boost::asio::ip::tcp::socket socket, const Endpoints& endpoints,
               const AdminLimits& limits);
  void start();
  void close();
  // Since when it waits for a request to begin; none while it works on one.
  std::optional<std::chrono::steady_clock::time_point> idle_since() const { return idle_since_; }

 private:
  using Error = boost::beast::error_code;
  void wait_for_request();
  void read_request();
  void read_body();
  void refuse(Error error);
  void answer();
  void send(Response response, bool keep_alive, bool head, unsigned version);
  void linger();
  void discard();
  Response respond(const boost::beast::http::request<boost::beast::http::string_body>& request);

  boost::beast::tcp_stream stream_;
  const Endpoints& endpoints_;
  const AdminLimits limits_;
  boost::beast::flat_buffer buffer_;
  std::optional<boost::beast::http::request_parser<boost::beast::http::string_body>> parser_;
  boost::beast::http::response<boost::beast::http::string_body> response_;
  std::optional<std::chrono::steady_clock::time_point> idle_since_;
};

}  // namespace gantry::http
