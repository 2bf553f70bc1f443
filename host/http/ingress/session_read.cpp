// From bytes to a request: head, then body, each within its size and its time.
#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/error.hpp>

#include "http/ingress/session.hpp"

namespace gantry::http {
namespace {

namespace asio = boost::asio;
namespace field = boost::beast::http;

constexpr std::size_t kReadHead = 4 * 1024;
constexpr std::size_t kReadBody = 64 * 1024;
constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

}  // namespace

std::string_view Session::buffered() const {
  return {static_cast<const char*>(buffer_.data().data()), buffer_.size()};
}

void Session::begin_request() {
  parser_.reset();
  admitted_ = {};
  looked_ = 0;
  skipped_line_ = false;
  if (buffer_.size() > 0) {  // a pipelined one is here already
    state_ = State::head;
    expect_within(connections_.limits.header_timeout);
    return advance();
  }
  if (connections_.draining || input_ended_) return close();
  buffer_.shrink_to_fit();
  state_ = State::idle;
  idle_at_ = connections_.idle.insert(connections_.idle.end(), this);
  expect_within(connections_.limits.idle_timeout);
  read();
}

void Session::read() {
  if (reading_ || input_ended_) return;
  reading_ = true;
  const std::size_t size = state_ == State::body ? kReadBody : kReadHead;
  if (incoming_.size() != size) std::vector<char>(size).swap(incoming_);
  socket_.async_read_some(asio::buffer(incoming_),
                          [self = shared_from_this()](Error error, std::size_t count) {
                            self->reading_ = false;
                            self->on_read(error, count);
                          });
}

void Session::on_read(Error error, std::size_t size) {
  if (state_ == State::closed) return;
  if (error == asio::error::eof) return on_end_of_input();
  if (error) return close();
  asio::buffer_copy(buffer_.prepare(size), asio::buffer(incoming_, size));
  buffer_.commit(size);
  switch (state_) {
    case State::idle:
      leave_idle();
      state_ = State::head;
      expect_within(connections_.limits.header_timeout);
      return advance();
    case State::head:
    case State::body:
      return advance();
    case State::waiting:  // goes on reading, to see whether the client is still there
      if (buffer_.size() < connections_.limits.header_bytes) read();
      return;
    case State::lingering:
      buffer_.clear();
      return read();
    default:
      return;
  }
}

void Session::on_end_of_input() {
  input_ended_ = true;
  switch (state_) {
    case State::head:
    case State::body:
      return refuse({400, "The connection ended before the request did."});
    case State::writing:
      return;  // on_written() ends it
    default:   // whoever waits for an answer keeps its side open
      return close();
  }
}

void Session::advance() {
  if (state_ == State::head) return read_head();
  read_body();
}

void Session::read_head() {
  if (!skipped_line_ && buffered().starts_with("\r\n")) {  // RFC 9112, 2.2
    skipped_line_ = true;
    buffer_.consume(2);
  }
  const std::size_t most = connections_.limits.header_bytes;
  HeadEnd end = find_head_end(buffered().substr(0, most), looked_);
  if (end.fault) return refuse(*end.fault);
  if (end.size != 0) return on_head(end.size);
  if (buffer_.size() >= most) {
    if (buffered().substr(0, most).find("\r\n") == std::string_view::npos)
      return refuse({414, "The request's target is too long."});
    return refuse({431, "The request's header is larger than the " + std::to_string(most) +
                            " bytes that are allowed."});
  }
  looked_ = buffer_.size();
  read();
}

void Session::on_head(std::size_t size) {
  if (const auto fault = fault_of_head(buffered().substr(0, size))) return refuse(*fault);
  parser_.emplace();
  parser_->header_limit(static_cast<std::uint32_t>(connections_.limits.header_bytes));
  parser_->body_limit(boost::none);
  Error error;
  parser_->put(asio::buffer(buffered().data(), size), error);
  if (error) return refuse({400, "This is not an HTTP/1.1 request: " + error.message() + "."});
  buffer_.consume(size);

  Admission::Length length{!parser_->is_done(), std::nullopt};
  if (const auto stated = parser_->content_length(); stated && !parser_->chunked())
    length.stated = *stated;
  auto admitted = connections_.admission.admit(parser_->get().base(), length);
  if (auto* response = std::get_if<Response>(&admitted))
    return refuse(std::move(*response), parser_->is_done());
  admitted_ = std::get<Admitted>(std::move(admitted));
  if (parser_->is_done()) return hand_over();
  begin_body();
}

void Session::begin_body() {
  state_ = State::body;
  parser_->eager(true);
  expect_within(connections_.limits.body_timeout);
  if (!admitted_.expects_continue || buffer_.size() > 0) return read_body();
  continuing_ = true;
  asio::async_write(socket_, asio::buffer(kContinue),
                    [self = shared_from_this()](Error error, std::size_t) {
                      self->continuing_ = false;
                      if (self->state_ != State::body) return;
                      if (error) return self->close();
                      self->read_body();
                    });
}

void Session::read_body() {
  const std::size_t most = connections_.limits.body_bytes;
  while (buffer_.size() > 0 && !parser_->is_done()) {
    Error error;
    const std::size_t used = parser_->put(buffer_.data(), error);
    buffer_.consume(used);
    if (error && error != field::error::need_more)
      return refuse({400, "The body is not well formed: " + error.message() + "."});
    if (parser_->get().body().size() > most)
      return refuse(problem(413,
                            "The body is larger than the " + std::to_string(most) +
                                " bytes that are allowed.",
                            admitted_.target.path),
                    false);
    add_body_bytes();
    if (connections_.body_bytes > connections_.limits.waiting_bytes)
      return refuse(unavailable("Too much waits for an answer already.", admitted_.target.path, 0),
                    false);
    if (error || used == 0) break;
  }
  if (parser_->is_done()) return hand_over();
  if (buffer_.size() > kReadBody)  // the size of a chunk takes no more
    return refuse({400, "The body is not well formed."});
  read();
}

void Session::add_body_bytes() {
  const std::size_t size = parser_->get().body().size();
  connections_.body_bytes += size - body_bytes_;
  body_bytes_ = size;
}

}  // namespace gantry::http
