// What a request looks like to the handler, and its answer to the client.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/http/ingress_server.hpp"

namespace gantry::test {
namespace {

using testing::HasSubstr;

void say_ok(TestRoute&, Messages, gantry_outcome&) {}

void say(gantry_outcome& rest, gantry_verdict verdict, std::string_view reason) {
  rest.verdict = verdict;
  rest.reason = {reason.data(), reason.size()};
}

// One route, POST /coupons/{couponId}/requests, and one client.
struct Served {
  explicit Served(TestRoute::Handle handle, config::Http http = IngressServer::local())
      : server(std::move(http)) {
    server.add(http_route("POST", "/coupons/{couponId}/requests", ":couponId"), std::move(handle));
    server.start();
  }
  Answer ask(std::string_view bytes) { return HttpClient(server.port()).ask(bytes); }
  Answer ask() { return ask(post("/coupons/5/requests", "{}")); }
  IngressServer server;
};

TEST(IngressAnswers, are_200_and_empty_where_the_handler_says_no_more_than_ok) {
  const Answer answer = Served(say_ok).ask();
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(field_of(answer, "Content-Length"), "0");
}

TEST(IngressAnswers, are_what_the_handler_replied) {
  Served served([](TestRoute& route, Messages messages, gantry_outcome&) {
    route.reply(messages[0]->slot, 500, "too early");
    route.reply(messages[0]->slot, 202, R"({"number":1})", {{"Location", "/coupons/5"}});
  });
  const Answer answer = served.ask();
  EXPECT_EQ(answer.status, 202);
  EXPECT_EQ(answer.body, R"({"number":1})");
  EXPECT_EQ(field_of(answer, "Content-Type"), "application/json");
  EXPECT_EQ(field_of(answer, "Location"), "/coupons/5");
}

TEST(IngressAnswers, have_no_body_where_the_status_allows_none) {
  Served served([](TestRoute& route, Messages messages, gantry_outcome&) {
    route.reply(messages[0]->slot, 204, "not to be sent");
  });
  HttpClient client(served.server.port());
  const std::string request = post("/coupons/5/requests", "{}");
  EXPECT_EQ(client.ask(request).status, 204);
  EXPECT_EQ(client.ask(request).status, 204);  // nothing stands between the two
}

TEST(IngressAnswers, a_reply_counts_only_when_the_verdict_is_ok) {
  Served served([](TestRoute& route, Messages messages, gantry_outcome& rest) {
    route.reply(messages[0]->slot, 200, "{}");
    say(rest, GANTRY_REJECT, "userId is missing");
  });
  EXPECT_EQ(served.ask().status, 422);
}

TEST(IngressAnswers, a_reply_to_a_settled_slot_is_refused) {
  std::atomic<bool> taken{true};
  Served served([&](TestRoute& route, Messages messages, gantry_outcome&) {
    route.settle(messages[0]->slot, GANTRY_OK);
    taken = route.reply(messages[0]->slot, 404, "{}");
  });
  EXPECT_EQ(served.ask().status, 200);
  EXPECT_FALSE(taken);
}

TEST(IngressAnswers, a_rejected_request_is_422_with_the_reason_as_a_problem) {
  const Answer answer = Served([](TestRoute&, Messages, gantry_outcome& rest) {
                          say(rest, GANTRY_REJECT, "userId is missing");
                        }).ask();
  EXPECT_EQ(answer.status, 422);
  EXPECT_EQ(field_of(answer, "Content-Type"), "application/problem+json");
  EXPECT_THAT(answer.body, HasSubstr(R"("detail":"userId is missing")"));
  EXPECT_THAT(answer.body, HasSubstr(R"("status":422)"));
  EXPECT_THAT(answer.body, HasSubstr(R"("instance":"/coupons/5/requests")"));
}

TEST(IngressAnswers, a_request_to_be_retried_is_503_after_one_attempt) {
  std::atomic<int> calls{0};
  Served served([&](TestRoute&, Messages, gantry_outcome& rest) {
    ++calls;
    say(rest, GANTRY_RETRY, "deadlock");
    rest.retry_after_ms = 2500;
  });
  const Answer answer = served.ask();
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(field_of(answer, "Retry-After"), "3");
  EXPECT_THAT(answer.body, HasSubstr("deadlock"));
  EXPECT_EQ(calls, 1);
}

TEST(IngressMessages, hold_method_path_parameters_fields_key_and_body) {
  std::string seen;
  Served served([&](TestRoute&, Messages messages, gantry_outcome&) {
    const gantry_message& m = *messages[0];
    seen = header(m, ":method") + " " + header(m, ":path") + " " + header(m, ":couponId") + " " +
           header(m, "x-request-id") + " " + text(m.key) + " " + text(m.value) + " " +
           std::to_string(m.partition) + " " + std::to_string(m.offset) + " " +
           std::to_string(m.topic.size) + " " + std::to_string(m.attempt);
  });
  served.ask(post("/coupons/a%20b/requests?x=1", R"({"userId":7})", "X-Request-ID: r1\r\n"));
  EXPECT_EQ(seen, R"(POST /coupons/a%20b/requests a b r1 a b {"userId":7} -1 -1 0 1)");
}

TEST(IngressMessages, hold_neither_this_servers_token_nor_what_is_between_two_hops) {
  config::Http http = IngressServer::local();
  http.auth = config::HttpAuth{{{"shop", "a-token-of-the-shop"}}, "", ""};
  std::string seen;
  Served served(
      [&](TestRoute&, Messages messages, gantry_outcome&) {
        seen = header(*messages[0], "authorization") + header(*messages[0], "connection") +
               header(*messages[0], "host");
      },
      http);
  const Answer answer =
      served.ask(post("/coupons/5/requests", "{}",
                      "Authorization: Bearer a-token-of-the-shop\r\nConnection: keep-alive\r\n"));
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(seen, "--test");
}

TEST(IngressMessages, hold_no_field_that_came_after_the_body) {
  std::string seen;
  Served served([&](TestRoute&, Messages messages, gantry_outcome&) {
    seen = text(messages[0]->value) + header(*messages[0], "x-user-id");
  });
  served.ask(
      "POST /coupons/5/requests HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\n"
      "Transfer-Encoding: chunked\r\nTrailer: X-User-Id\r\n\r\n1\r\n{\r\n1\r\n}\r\n0\r\n"
      "X-User-Id: 7\r\n\r\n");
  EXPECT_EQ(seen, "{}-");
}

TEST(IngressAnswers, keep_the_order_of_pipelined_requests) {
  Served served([](TestRoute& route, Messages messages, gantry_outcome&) {
    route.reply(messages[0]->slot, 200, text(messages[0]->value));
  });
  HttpClient client(served.server.port());
  client.send(post("/coupons/5/requests", "1") + get("/nothing") +
              post("/coupons/5/requests", "2"));
  EXPECT_EQ(client.receive().body, "1");
  EXPECT_EQ(client.receive().status, 404);
  EXPECT_EQ(client.receive().body, "2");
}

TEST(IngressAnswers, end_the_connection_of_an_old_client_that_does_not_ask_to_keep_it) {
  Served served(say_ok);
  const std::string request =
      "POST /coupons/5/requests HTTP/1.0\r\nContent-Type: application/json\r\n"
      "Content-Length: 2\r\n";
  HttpClient keeping(served.server.port());
  EXPECT_EQ(field_of(keeping.ask(request + "Connection: keep-alive\r\n\r\n{}"), "Connection"),
            "keep-alive");
  EXPECT_EQ(keeping.ask(request + "\r\n{}").status, 200);
  EXPECT_TRUE(keeping.closed_by_server());
}

TEST(IngressAnswers, to_head_are_those_to_get_without_the_body) {
  IngressServer server;
  server.add(http_route("GET", "/coupons/{couponId}"),
             [](TestRoute& route, Messages messages, gantry_outcome&) {
               route.reply(messages[0]->slot, 200, header(*messages[0], ":method"));
             });
  server.start();
  HttpClient client(server.port());
  const Answer answer = client.ask("HEAD /coupons/5 HTTP/1.1\r\nHost: test\r\n\r\n");
  EXPECT_EQ(field_of(answer, "Content-Length"), "3");
  EXPECT_EQ(client.ask(get("/coupons/5")).body, "GET");  // nothing stood before it
}

TEST(IngressAnswers, to_options_name_the_methods_of_the_path) {
  const Answer answer =
      Served(say_ok).ask("OPTIONS /coupons/5/requests HTTP/1.1\r\nHost: test\r\n\r\n");
  EXPECT_EQ(answer.status, 204);
  EXPECT_EQ(field_of(answer, "Allow"), "OPTIONS, POST");
}

TEST(IngressAnswers, a_client_that_asks_is_told_to_go_on_with_the_body) {
  Served served(say_ok);
  HttpClient client(served.server.port());
  const std::string head =
      "POST /coupons/5/requests HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\n"
      "Content-Length: 2\r\nExpect: 100-continue\r\n\r\n";
  EXPECT_EQ(client.ask(head).status, 100);
  EXPECT_EQ(client.ask("{}").status, 200);
}

TEST(IngressAnswers, come_back_whole_for_bodies_of_a_megabyte) {
  Served served([](TestRoute& route, Messages messages, gantry_outcome&) {
    route.reply(messages[0]->slot, 200, text(messages[0]->value));
  });
  std::string body = "\"" + std::string(1024 * 1024 - 2, 'x') + "\"";
  for (std::size_t i = 1; i + 1 < body.size(); i += 7) body[i] = static_cast<char>('a' + i % 26);
  EXPECT_TRUE(served.ask(post("/coupons/5/requests", body)).body == body);
}

TEST(IngressAnswers, go_to_the_route_whose_path_is_the_more_particular) {
  IngressServer server;
  const auto named = [](std::string name) {
    return [name](TestRoute& route, Messages messages, gantry_outcome&) {
      route.reply(messages[0]->slot, 200, name);
    };
  };
  server.add(http_route("GET", "/coupons/{couponId}"), named("one"));
  server.add(http_route("GET", "/coupons/best"), named("best"));
  server.start();
  HttpClient client(server.port());
  EXPECT_EQ(client.ask(get("/coupons/best")).body, "best");
  EXPECT_EQ(client.ask(get("/coupons/5")).body, "one");
}

}  // namespace
}  // namespace gantry::test
