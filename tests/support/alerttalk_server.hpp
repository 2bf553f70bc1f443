// A local HTTP server that stands for the AlertTalk API. Its behaviour is a function from request
// to reply; every request is recorded in the order of arrival. It runs on a thread of its own; the
// behaviour is called on that thread, all other functions by the test.
#pragma once

#include <boost/json/value.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "support/wait.hpp"

namespace gantry::test {

struct AlertRequest {
  std::size_t number = 0;  // of all requests, from 1
  std::string method;
  std::string target;
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;
  boost::json::value json;      // null when the body is none
  std::string idempotency_key;  // empty when the request has none
  std::size_t times_seen = 0;   // requests with this key so far, this one included
};

struct AlertReply {
  enum class Then {
    answer,
    reset,   // the connection is reset (RST) instead
    silence  // no answer ever; the connection stays open
  };
  unsigned status = 200;
  std::string body = R"({"code":"0000"})";
  std::map<std::string, std::string> headers{};  // Retry-After and the like
  std::chrono::milliseconds delay{0};
  Then then = Then::answer;
};

class AlertTalkServer {
 public:
  using Behaviour = std::function<AlertReply(const AlertRequest&)>;

  // Answers everything with 200 until told otherwise.
  explicit AlertTalkServer(std::string idempotency_header = "Idempotency-Key");
  ~AlertTalkServer();
  AlertTalkServer(const AlertTalkServer&) = delete;
  AlertTalkServer& operator=(const AlertTalkServer&) = delete;

  std::string url(const std::string& path = "/messages") const;
  std::uint16_t port() const;
  void behave(Behaviour behaviour);  // from the next request on

  void stop();   // connections are closed, new ones refused
  void start();  // again, on the same port

  std::vector<AlertRequest> requests() const;
  std::size_t request_count() const;
  std::map<std::string, std::size_t> requests_by_key() const;
  void wait_for_requests(std::size_t count, std::chrono::milliseconds timeout = 60s) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace gantry::test
