#include "control/session.hpp"

#include <sys/socket.h>

#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>
#include <chrono>
#include <utility>

#include "observe/escape.hpp"

namespace gantry::control {
namespace {

namespace field = boost::beast::http;
using Error = boost::beast::error_code;

constexpr std::chrono::seconds kWithin{10};  // to send a request, to take an answer
constexpr std::uint32_t kMostHeader = 8 * 1024;
constexpr std::uint64_t kMostBody = 64 * 1024;

Peer peer_of(int socket) {
  ucred credentials{};
  socklen_t size = sizeof credentials;
  if (::getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0) return {};
  return {credentials.uid, credentials.pid};
}

Answer refused(int status, std::string_view why) {
  return {status, "{\"error\":" + observe::json_string(why) + "}\n"};
}

}  // namespace

Session::Session(Socket socket, const Execute& execute)
    : stream_(std::move(socket)), execute_(execute) {
  parser_.header_limit(kMostHeader);
  parser_.body_limit(kMostBody);
}

void Session::start() {
  stream_.expires_after(kWithin);
  field::async_read(stream_, buffer_, parser_,
                    [self = shared_from_this()](Error error, std::size_t) {
                      if (!error) self->answer();
                    });
}

void Session::answer() {
  stream_.expires_never();
  send(execute());
}

Answer Session::execute() const {
  const auto& request = parser_.get();
  if (request.method() != field::verb::post)
    return refused(405, "Commands are sent with POST; what only looks is on [admin] listen.");
  try {
    return execute_({std::string(request.target()), request.body(),
                     peer_of(const_cast<Session*>(this)->stream_.socket().native_handle())});
  } catch (const std::exception& error) {
    return refused(500, error.what());
  }
}

void Session::send(Answer answer) {
  response_.result(static_cast<unsigned>(answer.status));
  response_.version(11);
  response_.set(field::field::content_type, "application/json");
  response_.keep_alive(false);
  response_.body() = std::move(answer.body);
  response_.prepare_payload();
  stream_.expires_after(kWithin);
  field::async_write(stream_, response_, [self = shared_from_this()](Error, std::size_t) {
    Error ignored;
    self->stream_.socket().shutdown(Socket::shutdown_both, ignored);
  });
}

}  // namespace gantry::control
