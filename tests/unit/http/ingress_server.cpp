#include "unit/http/ingress_server.hpp"

#include <chrono>
#include <thread>
#include <utility>

namespace gantry::test {

using config::Milliseconds;

class TestRoute::Instance final : public route::HandlerInstance {
 public:
  explicit Instance(TestRoute& route) : route_(route) {}
  void handle(Messages messages, gantry_outcome& rest) override {
    route_.handle_(route_, messages, rest);
  }
  void cancel(gantry_slot slot) override { route_.cancel(slot); }
  void drain(Milliseconds) override {}

 private:
  TestRoute& route_;
};

config::Route http_route(const std::string& method, const std::string& path,
                         const std::string& key) {
  config::Route route;
  route.name = "payments";
  route.http = config::HttpSource{method, path, key};
  route.concurrency = 1;
  return route;
}

TestRoute::TestRoute(config::Route route, Handle handle, route::HandlerTraits traits)
    : config(std::move(route)),
      source(std::make_shared<http::RequestSource>(config)),
      handle_(std::move(handle)) {
  route::RouteParts parts;
  parts.config = config;
  parts.traits = traits;
  parts.report = [](bool, std::string_view, std::string_view) {};
  parts.outputs = &records;
  http::RequestSource::fill(parts);
  engine = std::make_unique<route::Route>(std::move(parts));
  for (int lane = 0; lane < config.concurrency; ++lane)
    engine->add_lane(std::make_unique<Instance>(*this));
  engine->start();
}

bool TestRoute::reply(gantry_slot slot, int status, std::string body,
                      std::vector<std::pair<std::string, std::string>> fields) {
  return engine->reply(slot, {status, "application/json", std::move(fields), std::move(body)});
}

bool TestRoute::settle(gantry_slot slot, gantry_verdict verdict, std::string_view reason) {
  return engine->settle(
      slot, {sizeof(gantry_outcome), verdict, 0, {reason.data(), reason.size()}, {nullptr, 0}});
}

void TestRoute::publish(gantry_slot slot, const std::string& value) {
  engine->publish(slot, [&](std::span<const gantry_header>, route::OutRecord& record) {
    record.topic = "out";
    record.value = value;
    return GANTRY_DONE;
  });
}

void HeldRecords::publish(route::OutRecord record, Done done) {
  const std::lock_guard lock{mutex_};
  held_.emplace_back(std::move(record), std::move(done));
}

std::size_t HeldRecords::count() const {
  const std::lock_guard lock{mutex_};
  return held_.size();
}

void HeldRecords::answer(const route::PublishResult& result) {
  std::unique_lock lock{mutex_};
  const auto [record, done] = std::move(held_.front());
  held_.pop_front();
  lock.unlock();
  done(result);
}

config::Http IngressServer::local() {
  config::Http http;
  http.listen = {"127.0.0.1", 0};
  return http;
}

IngressServer::IngressServer(config::Http settings)
    : ingress(std::make_unique<http::Ingress>(settings)) {}

TestRoute& IngressServer::add(config::Route route, TestRoute::Handle handle,
                              route::HandlerTraits traits) {
  TestRoute& added = routes_.emplace_back(std::move(route), std::move(handle), traits);
  serve();
  return added;
}

void IngressServer::serve() {
  std::vector<std::shared_ptr<http::RequestSource>> sources;
  for (TestRoute& route : routes_) sources.push_back(route.source);
  ingress->serve(sources);
}

void IngressServer::start() {
  ingress->start();
  for (TestRoute& route : routes_) route.open();
}

void IngressServer::end_routes() {
  for (TestRoute& route : routes_) {
    route.engine->quiesce(Milliseconds{10'000});
    route.source->close(Milliseconds{10'000});
    if (!route.engine->stop(Milliseconds{10'000})) std::abort();
  }
}

IngressServer::~IngressServer() {
  end_routes();
  ingress.reset();
}

void Gate::wait() {
  std::unique_lock lock{mutex_};
  ++arrived_;
  changed_.notify_all();
  changed_.wait(lock, [this] { return open_; });
}

void Gate::await_arrivals(int count) {
  std::unique_lock lock{mutex_};
  changed_.wait(lock, [this, count] { return arrived_ >= count; });
}

void Gate::open() {
  const std::lock_guard lock{mutex_};
  open_ = true;
  changed_.notify_all();
}

std::string text(gantry_bytes bytes) {
  return {reinterpret_cast<const char*>(bytes.data), bytes.size};
}

std::string header(const gantry_message& message, std::string_view name) {
  for (std::size_t i = 0; i < message.header_count; ++i) {
    const gantry_header& one = message.headers[i];
    if (std::string_view(one.name.data, one.name.size) == name) return text(one.value);
  }
  return "-";
}

std::string post(std::string_view path, std::string_view body, std::string_view fields) {
  return "POST " + std::string(path) + " HTTP/1.1\r\nHost: test\r\n" + std::string(fields) +
         "Content-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) +
         "\r\n\r\n" + std::string(body);
}

std::string field_of(const Answer& answer, const std::string& name) {
  const auto at = answer.head.find("\r\n" + name + ": ");
  if (at == std::string::npos) return "-";
  const auto begin = at + name.size() + 4;
  return answer.head.substr(begin, answer.head.find("\r\n", begin) - begin);
}

void eventually(const std::function<bool()>& holds) {
  for (const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(60);
       !holds() && std::chrono::steady_clock::now() < until;)
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
}

}  // namespace gantry::test
