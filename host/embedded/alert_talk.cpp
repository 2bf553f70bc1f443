#include "embedded/alert_talk.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <boost/json.hpp>
#include <thread>
#include <utility>

#include "http/listener.hpp"

namespace gantry::embedded {
namespace asio = boost::asio;
namespace beast_http = boost::beast::http;
namespace json = boost::json;
using asio::ip::tcp;
namespace {

const http::ServerName kServer{"the AlertTalk endpoint", "of the development environment",
                               "alerttalk"};
constexpr const char* kPath = "/alerttalk/messages";

using Request = beast_http::request<beast_http::string_body>;

std::int64_t number_at(const json::value& value, std::string_view pointer) {
  boost::system::error_code error;
  const json::value* const found = value.find_pointer(pointer, error);
  return found != nullptr && found->is_int64() ? found->as_int64() : 0;
}

std::string text_of(const json::value& value) {
  const json::object* const object = value.if_object();
  if (object == nullptr) return "(not a JSON object)";
  std::string text;
  if (const json::value* name = object->if_contains("template"); name && name->is_string()) {
    text = std::string(name->as_string());
  }
  const json::value* const variables = object->if_contains("variables");
  if (variables == nullptr || !variables->is_object()) return text;
  for (const auto& [name, one] : variables->as_object()) {
    text += "  " + std::string(name) + ' ' +
            (one.is_string() ? std::string(one.as_string()) : json::serialize(one));
  }
  return text;
}

Notification notification_of(const Request& request) {
  boost::system::error_code not_json;
  const json::value body = json::parse(request.body(), not_json);
  return {std::string(request["Idempotency-Key"]), text_of(body),
          number_at(body, "/recipient/userId"), number_at(body, "/variables/orderId")};
}

}  // namespace

class AlertTalk::Server {
 public:
  explicit Server(OnNotification on_notification)
      : on_notification_(std::move(on_notification)),
        acceptor_(http::listen_on(io_, {"127.0.0.1", 0}, kServer)),
        port_(acceptor_.local_endpoint().port()) {
    asio::co_spawn(io_, accept(), asio::detached);
    thread_ = http::serve(io_, kServer);
  }
  ~Server() {
    io_.stop();
    thread_.join();
  }

  std::uint16_t port() const { return port_; }

 private:
  asio::awaitable<void> accept() {
    for (;;) {
      tcp::socket socket = co_await acceptor_.async_accept(asio::use_awaitable);
      // A connection that ends in the middle of something ends for itself.
      asio::co_spawn(io_, converse(std::move(socket)), asio::detached);
    }
  }

  asio::awaitable<void> converse(tcp::socket socket) {
    boost::beast::flat_buffer buffer;
    for (;;) {
      Request request;
      co_await beast_http::async_read(socket, buffer, request, asio::use_awaitable);
      beast_http::response<beast_http::string_body> answer(status_for(request), request.version());
      answer.set(beast_http::field::content_type, "application/json");
      answer.keep_alive(request.keep_alive());
      answer.body() = answer.result() == beast_http::status::ok ? R"({"code":"0000"})" : "{}";
      answer.prepare_payload();
      co_await beast_http::async_write(socket, answer, asio::use_awaitable);
      if (!request.keep_alive()) co_return;
    }
  }

  beast_http::status status_for(const Request& request) {
    if (request.target() != kPath) return beast_http::status::not_found;
    if (request.method() != beast_http::verb::post) return beast_http::status::method_not_allowed;
    return beast_http::int_to_status(
        static_cast<unsigned>(on_notification_(notification_of(request))));
  }

  const OnNotification on_notification_;
  asio::io_context io_{1};
  tcp::acceptor acceptor_;
  const std::uint16_t port_;
  std::thread thread_;
};

AlertTalk::AlertTalk(OnNotification on_notification)
    : server_(std::make_unique<Server>(std::move(on_notification))) {}
AlertTalk::~AlertTalk() = default;

std::string AlertTalk::url() const {
  return "http://127.0.0.1:" + std::to_string(server_->port()) + kPath;
}

}  // namespace gantry::embedded
