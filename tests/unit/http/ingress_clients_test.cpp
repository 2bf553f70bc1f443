// Clients that come in thousands, are slow, go away or send too much, and the end of the server.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <mutex>

#include "unit/http/ingress_server.hpp"

namespace gantry::test {
namespace {

using config::Milliseconds;
using testing::HasSubstr;

void say_ok(TestRoute&, Messages, gantry_outcome&) {}
const std::string kRequest = post("/payments", "{}");

struct Payments {
  explicit Payments(config::Http http, TestRoute::Handle handle = say_ok)
      : server(std::move(http)),
        route(server.add(http_route("POST", "/payments"), std::move(handle))) {}
  explicit Payments(TestRoute::Handle handle)
      : Payments(IngressServer::local(), std::move(handle)) {}
  std::uint16_t port() const { return server.port(); }
  IngressServer server;
  TestRoute& route;
};

TEST(IngressClients, a_thousand_idle_and_a_hundred_slow_ones_harm_nobody) {
  Payments payments(say_ok);
  payments.server.start();
  std::vector<std::unique_ptr<HttpClient>> others;
  for (int i = 0; i < 1000; ++i) {
    others.push_back(std::make_unique<HttpClient>(payments.port()));
    if (i % 10 == 0) others.back()->send("POST /payments HT");
    if (i % 10 == 1) others.back()->send(kRequest.substr(0, kRequest.size() - 1));
  }
  HttpClient client(payments.port());
  for (int i = 0; i < 20; ++i) EXPECT_EQ(client.ask(kRequest).status, 200);
  EXPECT_EQ(others[2]->ask(kRequest).status, 200);
  EXPECT_EQ(others[0]->ask("TP/1.1" + kRequest.substr(kRequest.find("\r\n"))).status, 200);
  EXPECT_EQ(others[1]->ask("}").status, 200);
}

TEST(IngressClients, a_slow_header_is_408_and_the_end) {
  config::Http http = IngressServer::local();
  http.limits.header_timeout = Milliseconds{20};
  Payments payments(http);
  payments.server.start();
  HttpClient client(payments.port());
  EXPECT_EQ(client.ask("POST /payments HTTP/1.1\r\n").status, 408);
  EXPECT_TRUE(client.closed_by_server());
}

TEST(IngressClients, a_slow_body_is_408_and_the_end) {
  config::Http http = IngressServer::local();
  http.limits.body_timeout = Milliseconds{20};
  Payments payments(http);
  payments.server.start();
  HttpClient client(payments.port());
  EXPECT_EQ(client.ask(kRequest.substr(0, kRequest.size() - 1)).status, 408);
  EXPECT_TRUE(client.closed_by_server());
}

TEST(IngressClients, an_idle_connection_is_closed_after_its_time) {
  config::Http http = IngressServer::local();
  http.limits.idle_timeout = Milliseconds{20};
  Payments payments(http);
  payments.server.start();
  HttpClient client(payments.port());
  EXPECT_TRUE(client.closed_by_server());
}

TEST(IngressClients, at_the_limit_of_connections_the_longest_idle_one_gives_way) {
  config::Http http = IngressServer::local();
  http.limits.connections = 2;
  Payments payments(http);
  payments.server.start();
  HttpClient longest(payments.port());
  EXPECT_EQ(longest.ask(kRequest).status, 200);
  HttpClient second(payments.port());
  EXPECT_EQ(second.ask(kRequest).status, 200);
  HttpClient third(payments.port());
  EXPECT_EQ(third.ask(kRequest).status, 200);
  EXPECT_TRUE(longest.closed_by_server());
  EXPECT_EQ(second.ask(kRequest).status, 200);
}

TEST(IngressClients, where_every_connection_is_busy_one_more_is_503) {
  config::Http http = IngressServer::local();
  http.limits.connections = 1;
  Gate gate;
  Payments payments(http, [&](TestRoute&, Messages, gantry_outcome&) { gate.wait(); });
  payments.server.start();
  HttpClient busy(payments.port());
  busy.send(kRequest);
  gate.await_arrivals(1);
  EXPECT_EQ(HttpClient(payments.port()).receive().status, 503);
  gate.open();
  EXPECT_EQ(busy.receive().status, 200);
}

TEST(IngressClients, more_requests_than_may_wait_are_503_with_retry_after) {
  config::Http http = IngressServer::local();
  http.limits.waiting = 2;
  Gate gate;
  Payments payments(http, [&](TestRoute&, Messages, gantry_outcome&) { gate.wait(); });
  payments.server.start();
  HttpClient one(payments.port());
  HttpClient two(payments.port());
  one.send(kRequest);
  two.send(kRequest);
  eventually([&] { return payments.route.source->under_way() == 2; });
  const Answer answer = HttpClient(payments.port()).ask(kRequest);
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(field_of(answer, "Retry-After"), "1");
  gate.open();
  EXPECT_EQ(one.receive().status, 200);
  EXPECT_EQ(two.receive().status, 200);
}

TEST(IngressClients, bodies_that_wait_take_a_bounded_amount_of_memory) {
  config::Http http = IngressServer::local();
  http.limits.waiting_bytes = 100'000;
  Gate gate;
  Payments payments(http, [&](TestRoute&, Messages, gantry_outcome&) { gate.wait(); });
  payments.server.start();
  const std::string large = post("/payments", "\"" + std::string(60'000, 'x') + "\"");
  HttpClient first(payments.port());
  first.send(large);
  gate.await_arrivals(1);
  EXPECT_EQ(HttpClient(payments.port()).ask(large).status, 503);
  gate.open();
  EXPECT_EQ(first.receive().status, 200);
  EXPECT_EQ(HttpClient(payments.port()).ask(large).status, 200);
}

TEST(IngressClients, who_goes_away_has_the_handler_told_and_its_verdict_ignored) {
  std::atomic<gantry_slot> slot{0};
  std::atomic<gantry_slot> cancelled{0};
  IngressServer server;
  TestRoute& route = server.add(http_route("POST", "/payments"),
                                [&](TestRoute&, Messages messages, gantry_outcome& rest) {
                                  if (text(messages[0]->value) == "\"next\"") return;
                                  slot = messages[0]->slot;
                                  rest.verdict = GANTRY_PENDING;
                                },
                                {.max_batch = 1, .may_pend = true});
  route.cancel = [&](gantry_slot one) { cancelled = one; };
  server.start();
  {
    HttpClient gone(server.port());
    gone.send(kRequest);
    eventually([&] { return slot != 0; });
  }
  eventually([&] { return cancelled != 0; });
  EXPECT_EQ(cancelled, slot);
  EXPECT_TRUE(route.settle(slot, GANTRY_UNAVAILABLE, "nobody waits"));
  EXPECT_EQ(HttpClient(server.port()).ask(post("/payments", "\"next\"")).status, 200);
}

TEST(IngressClients, who_goes_away_while_waiting_is_never_handled) {
  Gate gate;
  std::vector<std::string> handled;
  IngressServer server;
  config::Route config = http_route("POST", "/coupons/{couponId}/requests", ":couponId");
  TestRoute& route = server.add(config,
                                [&](TestRoute&, Messages messages, gantry_outcome&) {
                                  handled.push_back(text(messages[0]->value));
                                  gate.wait();
                                },
                                {.max_batch = 100});
  server.start();
  const auto numbered = [](const char* number) { return post("/coupons/5/requests", number); };
  HttpClient first(server.port());
  first.send(numbered("1"));
  gate.await_arrivals(1);
  {
    HttpClient gone(server.port());
    gone.send(numbered("2"));
    eventually([&] { return route.source->under_way() == 2; });
  }
  eventually([&] { return route.source->under_way() == 1; });
  HttpClient last(server.port());
  last.send(numbered("3"));
  gate.open();
  EXPECT_EQ(first.receive().status, 200);
  EXPECT_EQ(last.receive().status, 200);
  EXPECT_THAT(handled, testing::ElementsAre("1", "3"));
}

TEST(IngressDrain, answers_what_is_under_way_and_closes_the_rest) {
  Gate gate;
  Payments payments([&](TestRoute&, Messages, gantry_outcome&) { gate.wait(); });
  payments.server.start();
  HttpClient idle(payments.port());
  HttpClient busy(payments.port());
  busy.send(kRequest);
  gate.await_arrivals(1);
  std::thread drain([&] { payments.server.ingress->drain(Milliseconds{60'000}); });
  EXPECT_TRUE(idle.closed_by_server());
  EXPECT_THROW(HttpClient late(payments.port()), std::runtime_error);
  gate.open();
  const Answer answer = busy.receive();
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(field_of(answer, "Connection"), "close");
  EXPECT_TRUE(busy.closed_by_server());
  busy.end_sending();
  drain.join();
}

TEST(IngressDrain, a_request_that_no_handler_gets_to_is_503) {
  Gate gate;
  config::Route config = http_route("POST", "/payments", "");
  config.order = config::Order::partition;
  IngressServer server;
  TestRoute& route =
      server.add(config, [&](TestRoute&, Messages, gantry_outcome&) { gate.wait(); });
  server.start();
  HttpClient first(server.port());
  first.send(kRequest);
  gate.await_arrivals(1);
  HttpClient second(server.port());
  second.send(kRequest);
  eventually([&] { return route.source->under_way() == 2; });
  std::thread close([&] { route.source->close(Milliseconds{60'000}); });
  eventually([&] { return !route.source->is_open(); });
  EXPECT_EQ(HttpClient(server.port()).ask(kRequest).status, 503);
  gate.open();
  EXPECT_EQ(first.receive().status, 200);
  EXPECT_EQ(second.receive().status, 503);
  close.join();
}

TEST(IngressDrain, a_route_that_is_not_open_yet_is_503) {
  Payments payments(say_ok);
  payments.server.ingress->start();
  const Answer answer = HttpClient(payments.port()).ask(kRequest);
  EXPECT_EQ(answer.status, 503);
  EXPECT_THAT(answer.body, HasSubstr("not running"));
}

TEST(Ingress, names_what_can_not_be_listened_on) {
  Payments payments(say_ok);
  config::Http http = IngressServer::local();
  http.listen.port = payments.port();
  try {
    http::Ingress second(http);
    FAIL() << "two servers on one port";
  } catch (const std::runtime_error& error) {
    EXPECT_THAT(error.what(), HasSubstr("([http] listen)"));
  }
}

}  // namespace
}  // namespace gantry::test
