// One connection: reads a request, has it handled, answers, and goes on to the next. At most one
// request is under way; what a client sends ahead waits in the buffer and in the socket. Kept alive
// by its pending operations and by Connections; the server's thread alone touches it.
//
//   idle ─▶ head ─▶ body ─▶ waiting ─▶ writing ─▶ idle, or lingering ─▶ closed
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "http/ingress/admission.hpp"
#include "http/ingress/connections.hpp"
#include "http/ingress/exchange.hpp"

namespace gantry::http {

class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(boost::asio::ip::tcp::socket socket, Connections& connections);
  void start();
  void turn_away();  // 503: there are too many connections
  void close();
  void answered(Exchange& exchange);

 private:
  using Error = boost::system::error_code;
  using Parser = boost::beast::http::request_parser<boost::beast::http::string_body>;
  enum class State { idle, head, body, waiting, writing, lingering, closed };

  // ---- session_read.cpp: from bytes to a request
  void begin_request();
  void read();
  void on_read(Error error, std::size_t size);
  void on_end_of_input();
  void advance();
  void read_head();
  void on_head(std::size_t size);
  void begin_body();
  void read_body();
  void add_body_bytes();

  // ---- session.cpp: from a request to its answer
  void hand_over();
  void on_timeout();
  void refuse(Response response, bool keep);
  void refuse(const Fault& fault) { refuse(problem(fault.status, fault.detail), false); }
  void send(route::HttpReply reply, bool keep);
  void on_written(Error error);
  void linger();
  void leave_idle();
  void expect_within(std::chrono::milliseconds time);
  bool may_keep() const;
  std::string_view buffered() const;

  boost::asio::ip::tcp::socket socket_;
  boost::asio::steady_timer timer_;
  Connections& connections_;
  State state_ = State::idle;
  std::optional<std::list<Session*>::iterator> idle_at_;

  std::vector<char> incoming_;  // of the read under way, which nothing else may touch
  boost::beast::flat_buffer buffer_;
  std::size_t looked_ = 0;     // bytes of the head known to be well
  bool skipped_line_ = false;  // an empty line before the request line is ignored, once
  bool reading_ = false;
  bool input_ended_ = false;
  bool continuing_ = false;  // "100 Continue" is being written
  std::optional<Parser> parser_;
  Admitted admitted_;
  std::size_t body_bytes_ = 0;          // counted in connections_.body_bytes
  std::shared_ptr<Exchange> exchange_;  // while waiting

  std::string out_head_;
  route::HttpReply out_;
  bool keep_ = false;
};

}  // namespace gantry::http
