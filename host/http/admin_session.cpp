#include "http/admin_session.hpp"

#include <boost/beast/core/error.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>
#include <exception>
#include <string>
#include <utility>

#include "observe/log.hpp"

namespace gantry::http {
namespace beast = boost::beast;
namespace field = boost::beast::http;
namespace {

constexpr std::size_t read_at_once = 4096;
// How long a refused client may go on sending before it is cut off; see linger().
constexpr std::chrono::seconds linger_time{2};

struct Target {
  std::string path;
  std::string query;
};

// Also of the absolute form, "http://host/path", which every server has to accept (RFC
// 9112, 3.2.2).
Target split_target(std::string_view target) {
  if (const auto scheme = target.find("://");
      scheme != std::string_view::npos && !target.starts_with('/')) {
    const auto path = target.find('/', scheme + 3);
    target = path == std::string_view::npos ? "/" : target.substr(path);
  }
  const auto mark = target.find('?');
  if (mark == std::string_view::npos) return {std::string(target), ""};
  return {std::string(target.substr(0, mark)), std::string(target.substr(mark + 1))};
}

}  // namespace

AdminSession::AdminSession(boost::asio::ip::tcp::socket socket, const Endpoints& endpoints,
                           const AdminLimits& limits)
    : stream_(std::move(socket)),
      endpoints_(endpoints),
      limits_(limits),
      buffer_(limits.header_bytes + limits.body_bytes + read_at_once) {}

void AdminSession::start() { wait_for_request(); }

void AdminSession::close() { stream_.close(); }

void AdminSession::wait_for_request() {
  parser_.emplace();
  parser_->header_limit(static_cast<std::uint32_t>(limits_.header_bytes));
  parser_->body_limit(limits_.body_bytes);
  if (buffer_.size() > 0) return read_request();  // a pipelined one is here already
  idle_since_ = std::chrono::steady_clock::now();
  stream_.expires_after(limits_.idle);
  stream_.async_read_some(buffer_.prepare(read_at_once),
                          [self = shared_from_this()](Error error, std::size_t size) {
                            if (error) return;
                            self->buffer_.commit(size);
                            self->read_request();
                          });
}

// The time limit is for the request as a whole: a byte now and then does not extend it.
void AdminSession::read_request() {
  idle_since_.reset();
  stream_.expires_after(limits_.request);
  field::async_read_header(stream_, buffer_, *parser_,
                           [self = shared_from_this()](Error error, std::size_t) {
                             if (error) return self->refuse(error);
                             // Who asks whether to send a body gets the final answer instead of a
                             // "100 Continue".
                             if (self->parser_->get().count(field::field::expect) > 0)
                               return self->answer();
                             self->read_body();
                           });
}

void AdminSession::read_body() {
  field::async_read(stream_, buffer_, *parser_,
                    [self = shared_from_this()](Error error, std::size_t) {
                      if (error) return self->refuse(error);
                      self->answer();
                    });
}

void AdminSession::refuse(Error error) {
  if (error == field::error::end_of_stream) return close();
  if (error == field::error::header_limit || error == field::error::buffer_overflow) {
    return send(problem(431, "The request's header is too large. Send fewer or shorter fields."),
                false, false, 11);
  }
  if (error == field::error::body_limit) {
    return send(problem(413, "The request's body is too large. Send none: no endpoint reads it."),
                false, false, 11);
  }
  if (error.category() == field::make_error_code(field::error::bad_method).category()) {
    return send(problem(400, "This is not an HTTP/1.1 request: " + error.message() + "."), false,
                false, 11);
  }
  close();  // timed out, reset, or the server ends: nobody to answer
}

void AdminSession::answer() {
  const auto& request = parser_->get();
  const bool whole = parser_->is_done();
  Response response = respond(request);
  send(std::move(response), whole && request.keep_alive(), request.method() == field::verb::head,
       request.version());
}

Response AdminSession::respond(const field::request<field::string_body>& request) {
  if (request.version() >= 11 && request.count(field::field::host) != 1) {
    return problem(400, "An HTTP/1.1 request has exactly one Host field.");
  }
  Target target = split_target(request.target());
  const auto endpoint = endpoints_.find(target.path);
  if (endpoint == endpoints_.end()) {
    std::string paths;
    for (const auto& [path, handler] : endpoints_) paths += (paths.empty() ? "" : ", ") + path;
    return problem(404, "There is nothing here. The admin endpoint has " + paths + ".");
  }
  if (request.method() != field::verb::get && request.method() != field::verb::head) {
    Response response = problem(405, "The admin endpoint only reads: use GET or HEAD.");
    response.fields["Allow"] = "GET, HEAD";
    return response;
  }
  try {
    return endpoint->second(
        {std::string(request.method_string()), std::move(target.path), std::move(target.query)});
  } catch (const std::exception& error) {
    log::error("admin", "an endpoint failed", {{"path", endpoint->first}, {"error", error.what()}});
    return problem(500, "The endpoint failed; the host's log says why.");
  }
}

void AdminSession::send(Response response, bool keep_alive, bool head, unsigned version) {
  response_ = {};
  response_.version(version);
  response_.result(static_cast<unsigned>(response.status));
  response_.set(field::field::server, "gantry");
  response_.set(field::field::content_type, response.content_type);
  response_.set(field::field::cache_control, "no-store");
  response_.set("X-Content-Type-Options", "nosniff");
  for (const auto& [name, value] : response.fields) response_.set(name, value);
  response_.content_length(response.body.size());
  response_.keep_alive(keep_alive);
  if (!head) response_.body() = std::move(response.body);
  stream_.expires_after(limits_.request);
  field::async_write(stream_, response_,
                     [self = shared_from_this(), keep_alive](Error error, std::size_t) {
                       if (error) return self->close();
                       if (keep_alive) return self->wait_for_request();
                       self->linger();
                     });
}

// To close a socket that has unread bytes resets the connection, and the client may lose the answer
// with it (RFC 9112, 9.6): so no more is sent, and what still comes is thrown away for a while.
void AdminSession::linger() {
  Error ignored;
  stream_.socket().shutdown(boost::asio::ip::tcp::socket::shutdown_send, ignored);
  stream_.expires_after(linger_time);
  discard();
}

void AdminSession::discard() {
  buffer_.clear();
  stream_.async_read_some(buffer_.prepare(read_at_once),
                          [self = shared_from_this()](Error error, std::size_t) {
                            if (error) return self->close();
                            self->discard();
                          });
}

}  // namespace gantry::http
