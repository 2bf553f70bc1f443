// An AlertTalk endpoint that sends nothing to anybody: it takes notifications as the provider does
// (POST, JSON, an Idempotency-Key) and hands each to its owner, who says how it is answered. A
// thread of its own serves all connections.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace gantry::embedded {

struct Notification {
  std::string idempotency_key;
  std::string text;  // the template and its variables, on one line
  std::int64_t user_id = 0;
  std::int64_t order_id = 0;
};

class AlertTalk {
 public:
  // Gives the HTTP status of the answer. On the endpoint's thread, one call at a time.
  using OnNotification = std::function<int(const Notification&)>;

  explicit AlertTalk(OnNotification on_notification);  // on any free port of 127.0.0.1
  ~AlertTalk();                                        // closes all connections
  AlertTalk(const AlertTalk&) = delete;
  AlertTalk& operator=(const AlertTalk&) = delete;

  std::string url() const;

 private:
  class Server;
  std::unique_ptr<Server> server_;
};

}  // namespace gantry::embedded
