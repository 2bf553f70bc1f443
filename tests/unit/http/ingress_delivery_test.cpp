// How requests become deliveries: in batches, in order of their key, and not at all while a
// dependency is down.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <thread>

#include "unit/http/ingress_server.hpp"

namespace gantry::test {
namespace {

using testing::HasSubstr;

std::vector<std::unique_ptr<HttpClient>> clients(const IngressServer& server, int count) {
  std::vector<std::unique_ptr<HttpClient>> all;
  for (int i = 0; i < count; ++i) all.push_back(std::make_unique<HttpClient>(server.port()));
  return all;
}

TEST(IngressDelivery, requests_that_wait_for_a_lane_are_handed_over_together) {
  constexpr int kWaiting = 50;
  Gate gate;
  std::vector<std::size_t> sizes;
  IngressServer server;
  TestRoute& route = server.add(http_route("POST", "/payments"),
                                [&](TestRoute&, Messages messages, gantry_outcome&) {
                                  sizes.push_back(messages.size());
                                  gate.wait();
                                },
                                {.max_batch = 1000});
  server.start();
  HttpClient first(server.port());
  first.send(post("/payments", "{}"));
  gate.await_arrivals(1);
  auto waiting = clients(server, kWaiting);
  for (auto& client : waiting) client->send(post("/payments", "{}"));
  eventually([&] { return route.source->under_way() == kWaiting + 1; });
  gate.open();
  for (auto& client : waiting) EXPECT_EQ(client->receive().status, 200);
  EXPECT_THAT(sizes, testing::ElementsAre(1, kWaiting));
}

TEST(IngressDelivery, a_batch_that_fails_is_halved_before_anybody_is_answered) {
  Gate gate;
  IngressServer server;
  TestRoute& route = server.add(http_route("POST", "/payments"),
                                [&](TestRoute&, Messages messages, gantry_outcome& rest) {
                                  if (text(messages[0]->value) == "\"first\"") return gate.wait();
                                  for (const gantry_message* message : messages)
                                    if (text(message->value) == "\"bad\"")
                                      rest.verdict = GANTRY_REJECT;
                                },
                                {.max_batch = 1000});
  server.start();
  HttpClient first(server.port());
  first.send(post("/payments", "\"first\""));
  gate.await_arrivals(1);
  auto waiting = clients(server, 9);
  for (std::size_t i = 0; i < waiting.size(); ++i)
    waiting[i]->send(post("/payments", i == 4 ? "\"bad\"" : "\"good\""));
  eventually([&] { return route.source->under_way() == 10; });
  gate.open();
  for (std::size_t i = 0; i < waiting.size(); ++i)
    EXPECT_EQ(waiting[i]->receive().status, i == 4 ? 422 : 200) << i;
}

TEST(IngressDelivery, requests_of_one_key_never_run_side_by_side) {
  std::mutex mutex;
  std::set<std::string> running;
  std::atomic<bool> overlapped{false};
  IngressServer server;
  config::Route config = http_route("POST", "/coupons/{couponId}/requests", ":couponId");
  config.concurrency = 4;
  server.add(config, [&](TestRoute&, Messages messages, gantry_outcome&) {
    const std::string key = text(messages[0]->key);
    {
      const std::lock_guard lock{mutex};
      if (!running.insert(key).second) overlapped = true;
    }
    std::this_thread::yield();
    const std::lock_guard lock{mutex};
    running.erase(key);
  });
  server.start();
  auto all = clients(server, 40);
  for (std::size_t i = 0; i < all.size(); ++i)
    all[i]->send(post("/coupons/" + std::to_string(i % 2) + "/requests", "{}"));
  for (auto& client : all) EXPECT_EQ(client->receive().status, 200);
  EXPECT_FALSE(overlapped);
}

TEST(IngressDelivery, each_client_gets_its_own_answer_among_many_at_once) {
  IngressServer server;
  config::Route config = http_route("POST", "/payments");
  config.concurrency = 2;
  server.add(config,
             [](TestRoute& route, Messages messages, gantry_outcome&) {
               for (const gantry_message* message : messages)
                 route.reply(message->slot, 200, text(message->value));
             },
             {.max_batch = 100});
  server.start();
  std::atomic<int> wrong{0};
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 8; ++thread)
    threads.emplace_back([&, thread] {
      HttpClient client(server.port());
      for (int i = 0; i < 100; ++i) {
        const std::string body = std::to_string(thread * 1000 + i);
        if (client.ask(post("/payments", body)).body != body) ++wrong;
      }
    });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
}

// A dependency that the test takes away and brings back.
struct Dependency {
  std::atomic<bool> down{true};
  std::atomic<int> calls{0};
  void handle(gantry_outcome& rest, std::uint32_t retry_after_ms) {
    ++calls;
    if (!down) return;
    static constexpr std::string_view kReason = "the database is away";
    rest.verdict = GANTRY_UNAVAILABLE;
    rest.retry_after_ms = retry_after_ms;
    rest.reason = {kReason.data(), kReason.size()};
  }
};

TEST(IngressDelivery, while_a_dependency_is_down_requests_are_503_without_asking_the_handler) {
  Dependency dependency;
  IngressServer server;
  server.add(http_route("POST", "/payments"), [&](TestRoute&, Messages, gantry_outcome& rest) {
    dependency.handle(rest, 3'600'000);  // does not come back in this test
  });
  server.start();
  HttpClient client(server.port());
  for (int i = 0; i < 5; ++i) {
    const Answer answer = client.ask(post("/payments", "{}"));
    EXPECT_EQ(answer.status, 503);
    EXPECT_THAT(answer.body, HasSubstr("the database is away"));
    EXPECT_EQ(field_of(answer, "Retry-After"), "3600");
  }
  EXPECT_EQ(dependency.calls, 1);
}

TEST(IngressDelivery, what_waits_when_a_dependency_goes_down_is_answered_at_once) {
  Gate gate;
  Dependency dependency;
  IngressServer server;
  TestRoute& route =
      server.add(http_route("POST", "/payments"), [&](TestRoute&, Messages, gantry_outcome& rest) {
        gate.wait();
        dependency.handle(rest, 3'600'000);
      });
  server.start();
  auto all = clients(server, 10);
  all[0]->send(post("/payments", "{}"));
  gate.await_arrivals(1);
  for (std::size_t i = 1; i < all.size(); ++i) all[i]->send(post("/payments", "{}"));
  // A lane of a one-by-one handler may hold some of them already.
  eventually([&] { return route.source->under_way() == 10; });
  gate.open();
  for (auto& client : all) EXPECT_EQ(client->receive().status, 503);
}

TEST(IngressDelivery, while_the_only_lane_asks_a_dependency_others_are_503) {
  Gate gate;
  std::atomic<int> calls{0};
  IngressServer server;
  config::Route config = http_route("POST", "/payments");
  config.concurrency = 1;
  server.add(config, [&](TestRoute&, Messages, gantry_outcome& rest) {
    if (++calls == 1)
      rest.verdict = GANTRY_UNAVAILABLE;
    else
      gate.wait();
  });
  server.start();
  std::jthread asking([&] {
    HttpClient client(server.port());
    while (client.ask(post("/payments", "{}")).status != 200) std::this_thread::yield();
  });
  gate.await_arrivals(1);
  HttpClient client(server.port());
  EXPECT_EQ(client.ask(post("/payments", "{}")).status, 503);
  EXPECT_EQ(calls, 2);
  gate.open();
}

TEST(IngressDelivery, a_probe_finds_out_that_a_dependency_is_back) {
  Dependency dependency;
  IngressServer server;
  server.add(http_route("POST", "/payments"),
             [&](TestRoute&, Messages, gantry_outcome& rest) { dependency.handle(rest, 0); });
  server.start();
  HttpClient client(server.port());
  EXPECT_EQ(client.ask(post("/payments", "{}")).status, 503);
  dependency.down = false;
  int status = 0;
  eventually([&] { return (status = client.ask(post("/payments", "{}")).status) == 200; });
  EXPECT_EQ(status, 200);
  EXPECT_EQ(dependency.calls, 2);
}

TEST(IngressDelivery, a_pending_request_is_answered_when_another_thread_settles_it) {
  std::mutex mutex;
  std::vector<gantry_slot> slots;
  IngressServer server;
  TestRoute& route = server.add(http_route("POST", "/payments"),
                                [&](TestRoute&, Messages messages, gantry_outcome& rest) {
                                  const std::lock_guard lock{mutex};
                                  slots.push_back(messages[0]->slot);
                                  rest.verdict = GANTRY_PENDING;
                                },
                                {.max_batch = 1, .may_pend = true});
  server.start();
  HttpClient client(server.port());
  client.send(post("/payments", "{}"));
  eventually([&] {
    const std::lock_guard lock{mutex};
    return !slots.empty();
  });
  ASSERT_EQ(slots.size(), 1u);
  EXPECT_TRUE(route.reply(slots[0], 201, "{}"));
  EXPECT_TRUE(route.settle(slots[0], GANTRY_OK));
  EXPECT_FALSE(route.reply(slots[0], 200, "{}"));
  EXPECT_EQ(client.receive().status, 201);
}

TEST(IngressDelivery, a_request_is_503_where_its_handler_keeps_it_beyond_deadline_and_grace) {
  Gate gate;
  std::atomic<bool> cancelled{false};
  IngressServer server;
  config::Route config = http_route("POST", "/payments");
  config.handler_deadline = config::Milliseconds{500};  // a lane takes it before
  config.cancel_grace = config::Milliseconds{5};
  TestRoute& route =
      server.add(config, [&](TestRoute&, Messages, gantry_outcome&) { gate.wait(); });
  route.cancel = [&](gantry_slot) { cancelled = true; };
  server.start();
  HttpClient client(server.port());
  const Answer answer = client.ask(post("/payments", "{}"));
  EXPECT_EQ(answer.status, 503);
  EXPECT_NE(field_of(answer, "Retry-After"), "-");
  eventually([&] { return cancelled.load(); });
  EXPECT_TRUE(cancelled);
  gate.open();
}

TEST(IngressDelivery, a_pending_request_that_nobody_settles_is_503_and_its_memory_stays) {
  std::atomic<const gantry_message*> kept{nullptr};
  IngressServer server;
  config::Route config = http_route("POST", "/payments");
  config.handler_deadline = config::Milliseconds{500};  // a lane takes it before
  config.cancel_grace = config::Milliseconds{5};
  TestRoute& route = server.add(config,
                                [&](TestRoute&, Messages messages, gantry_outcome& rest) {
                                  if (text(messages[0]->value) == "\"next\"") return;
                                  kept = messages[0];
                                  rest.verdict = GANTRY_PENDING;
                                },
                                {.max_batch = 1, .may_pend = true});
  server.start();
  HttpClient client(server.port());
  EXPECT_EQ(client.ask(post("/payments", "\"kept\"")).status, 503);
  EXPECT_EQ(client.ask(post("/payments", "\"next\"")).status, 200);
  EXPECT_EQ(text(kept.load()->value), "\"kept\"");
  route.settle(kept.load()->slot, GANTRY_OK);
}

}  // namespace
}  // namespace gantry::test
