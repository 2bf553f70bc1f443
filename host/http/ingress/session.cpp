#include "http/ingress/session.hpp"

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>
#include <chrono>
#include <ctime>
#include <utility>

#include "http/ingress/request_source.hpp"
#include "http/ingress/wire.hpp"

namespace gantry::http {
namespace {

namespace asio = boost::asio;

// How long a refused client may go on sending before it is cut off; see linger().
constexpr std::chrono::seconds kLinger{2};

std::int64_t now_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

}  // namespace

Session::Session(asio::ip::tcp::socket socket, Connections& connections)
    : socket_(std::move(socket)), timer_(socket_.get_executor()), connections_(connections) {
  Error ignored;
  socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
}

void Session::start() { begin_request(); }

void Session::turn_away() {
  connections_.sessions.insert(shared_from_this());
  refuse(unavailable("There are too many connections.", {}, 0), false);
}

void Session::close() {
  if (std::exchange(state_, State::closed) == State::closed) return;
  const auto self = shared_from_this();
  leave_idle();
  Error ignored;
  socket_.close(ignored);
  timer_.cancel();
  if (const auto exchange = std::exchange(exchange_, nullptr))
    exchange->source->withdraw(*exchange);
  connections_.body_bytes -= std::exchange(body_bytes_, 0);
  connections_.remove(*this);
}

void Session::hand_over() {
  const std::string& path = admitted_.target.path;
  auto& request = parser_->get();
  if (auto refused = connections_.admission.refuse(admitted_, request.body()))
    return refuse(std::move(*refused), true);

  // A reload may have put another one in the route's place while the body came.
  if (auto successor = connections_.admission.paths().successor_of(*admitted_.route))
    admitted_.route = std::move(successor);
  const std::shared_ptr<RequestSource> source = admitted_.route;
  const config::Route& route = source->route();
  auto exchange = std::make_shared<Exchange>();
  exchange->fields = std::move(admitted_.headers);
  exchange->path = path;
  exchange->body = std::move(request.body());
  exchange->arrived_ms = now_ms();
  for (auto& [name, value] : admitted_.parameters) {
    if (route.http->key.empty() || name != std::string_view(route.http->key).substr(1)) continue;
    exchange->key = value;
    exchange->has_key = true;
  }
  exchange->answers = connections_.answers;
  exchange->session = weak_from_this();
  exchange->source = source;
  exchange->bytes = std::exchange(body_bytes_, 0);

  state_ = State::waiting;
  exchange_ = exchange;
  timer_.cancel();
  if (route.handler_deadline > config::Milliseconds{0})
    expect_within(route.handler_deadline + route.cancel_grace);
  if (!source->offer(exchange, socket_.get_executor())) {
    exchange_.reset();
    connections_.body_bytes -= exchange->bytes;
    return refuse(not_open(*source, path), true);
  }
  if (buffer_.size() < connections_.limits.header_bytes) read();
}

void Session::answered(Exchange& exchange) {
  if (exchange_.get() != &exchange) return;  // refused in the meantime
  exchange_.reset();
  send(std::move(exchange.reply), true);
}

void Session::expect_within(std::chrono::milliseconds time) {
  timer_.expires_after(time);
  timer_.async_wait([self = shared_from_this()](Error stopped) {
    // A wait that ended in the moment it was set anew is not over.
    if (!stopped && self->timer_.expiry() <= std::chrono::steady_clock::now()) self->on_timeout();
  });
}

void Session::on_timeout() {
  switch (state_) {
    case State::head:
      return refuse({408, "The header took too long."});
    case State::body:
      if (continuing_) return close();
      return refuse({408, "The body took too long."});
    case State::waiting: {
      const auto exchange = std::exchange(exchange_, nullptr);
      exchange->source->withdraw(*exchange);
      return refuse(
          unavailable("No answer was ready in time. Send the request again.", exchange->path, 0),
          true);
    }
    default:
      return close();
  }
}

bool Session::may_keep() const {
  return parser_ && parser_->is_done() && parser_->get().keep_alive() && !connections_.draining &&
         !input_ended_;
}

void Session::refuse(Response response, bool keep) { send(to_reply(std::move(response)), keep); }

void Session::send(route::HttpReply reply, bool keep) {
  leave_idle();
  connections_.body_bytes -= std::exchange(body_bytes_, 0);
  AnswerForm form;
  keep_ = form.keep_alive = keep && may_keep();
  form.http_10 = parser_ && parser_->get().version() < 11;
  form.head = parser_ && parser_->get().method() == boost::beast::http::verb::head;
  out_ = std::move(reply);
  out_head_ = answer_head(out_, form, std::time(nullptr));
  const bool body = has_body(out_.status) && !form.head;
  state_ = State::writing;
  expect_within(connections_.limits.body_timeout);
  const std::array<asio::const_buffer, 2> bytes{
      asio::buffer(out_head_), body ? asio::buffer(out_.body) : asio::buffer("", 0)};
  asio::async_write(socket_, bytes, [self = shared_from_this()](Error error, std::size_t) {
    self->on_written(error);
  });
}

void Session::on_written(Error error) {
  if (state_ == State::closed) return;
  out_ = {};
  if (error) return close();
  if (keep_ && !connections_.draining) return begin_request();
  linger();
}

// To close a socket that has unread bytes resets the connection, and the client may lose the answer
// with it (RFC 9112, 9.6): so no more is sent, and what still comes is thrown away for a while.
void Session::linger() {
  if (input_ended_) return close();
  Error ignored;
  socket_.shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
  state_ = State::lingering;
  expect_within(kLinger);
  buffer_.clear();
  read();
}

void Session::leave_idle() {
  if (idle_at_) connections_.idle.erase(*std::exchange(idle_at_, std::nullopt));
}

}  // namespace gantry::http
