// Routes with handlers that the test writes, behind the real server on a free port. The handlers
// run on the routes' lanes, as plugins do, but without the ABI.
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "http/ingress.hpp"
#include "route/route.hpp"
#include "unit/http/http_client.hpp"

namespace gantry::test {

using Messages = std::span<const gantry_message* const>;

// "POST", "/payments", and for an ordering key ":name".
config::Route http_route(const std::string& method, const std::string& path,
                         const std::string& key = "");

// A publisher that holds what it is given until the test says what becomes of it.
class HeldRecords final : public route::Publisher {
 public:
  using Done = std::function<void(const route::PublishResult&)>;
  void publish(route::OutRecord record, Done done) override;
  std::size_t count() const;
  void answer(const route::PublishResult& result);  // the oldest

 private:
  mutable std::mutex mutex_;
  std::deque<std::pair<route::OutRecord, Done>> held_;
};

class TestRoute {
 public:
  // Gets the messages of a call; what it writes to `rest` is the verdict of all it did not settle.
  using Handle = std::function<void(TestRoute&, Messages, gantry_outcome& rest)>;

  explicit TestRoute(config::Route route, Handle handle, route::HandlerTraits traits = {});
  void open() { source->open(*engine); }

  bool reply(gantry_slot slot, int status, std::string body,
             std::vector<std::pair<std::string, std::string>> fields = {});
  bool settle(gantry_slot slot, gantry_verdict verdict, std::string_view reason = "");
  void publish(gantry_slot slot, const std::string& value);

  std::function<void(gantry_slot)> cancel = [](gantry_slot) {};  // before open()
  const config::Route config;
  const std::shared_ptr<http::RequestSource> source;
  HeldRecords records;
  std::unique_ptr<route::Route> engine;

 private:
  class Instance;
  Handle handle_;
};

class IngressServer {
 public:
  explicit IngressServer(config::Http settings = local());
  ~IngressServer();  // drains, ends the routes, ends the server

  TestRoute& add(config::Route route, TestRoute::Handle handle, route::HandlerTraits traits = {});
  void start();  // and opens every route
  void end_routes();
  std::uint16_t port() const { return ingress->port(); }
  static config::Http local();

  std::unique_ptr<http::Ingress> ingress;

 private:
  void serve();
  std::deque<TestRoute> routes_;
};

// A handler that waits until the test lets it go on.
class Gate {
 public:
  void wait();                     // of the handler
  void await_arrivals(int count);  // until so many have come
  void open();                     // for all, from now on

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int arrived_ = 0;
  bool open_ = false;
};

std::string text(gantry_bytes bytes);
std::string header(const gantry_message& message, std::string_view name);  // "-": none
// With Host, Content-Type and Content-Length.
std::string post(std::string_view path, std::string_view body, std::string_view fields = "");
std::string field_of(const Answer& answer, const std::string& name);  // of its head; "-": none
void eventually(const std::function<bool()>& holds);

}  // namespace gantry::test
