// One connection to the control socket: one request, one answer. Kept alive by its pending
// operation; the server's thread alone touches it.
#pragma once

#include <boost/asio/local/stream_protocol.hpp>
#include <boost/beast/core/basic_stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <memory>

#include "control/command.hpp"

namespace gantry::control {

class Session : public std::enable_shared_from_this<Session> {
 public:
  using Socket = boost::asio::local::stream_protocol::socket;

  Session(Socket socket, const Execute& execute);
  void start();

 private:
  void answer();
  Answer execute() const;
  void send(Answer answer);

  boost::beast::basic_stream<boost::asio::local::stream_protocol> stream_;
  const Execute& execute_;
  boost::beast::flat_buffer buffer_;
  boost::beast::http::request_parser<boost::beast::http::string_body> parser_;
  boost::beast::http::response<boost::beast::http::string_body> response_;
};

}  // namespace gantry::control
