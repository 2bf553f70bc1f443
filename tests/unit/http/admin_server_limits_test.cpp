// What clients that do not behave can and can't do to the admin endpoint.
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "http/admin_server.hpp"
#include "unit/http/http_client.hpp"

namespace gantry::http {
namespace {

using std::chrono::milliseconds;
using test::get;
using test::HttpClient;

const config::Listen any_port{"127.0.0.1", 0};

Endpoints endpoints() {
  Endpoints result;
  result["/healthz"] = [](const Request&) { return Response{}; };
  result["/long"] = [](const Request&) {
    Response response;
    response.body.assign(16 * 1024 * 1024, 'x');
    return response;
  };
  return result;
}

class Malformed : public testing::TestWithParam<const char*> {};

TEST_P(Malformed, request_is_a_400_and_the_server_lives_on) {
  const AdminServer server(any_port, endpoints());
  HttpClient client(server.port());
  EXPECT_EQ(client.ask(GetParam()).status, 400);
  client.end_sending();
  EXPECT_TRUE(client.closed_by_server());
  EXPECT_EQ(HttpClient(server.port()).ask(get("/healthz")).status, 200);
}

INSTANTIATE_TEST_SUITE_P(
    AdminServer, Malformed,
    testing::Values(
        "\r\n \r\n\r\n", "nonsense\r\n\r\n", "GET\r\n\r\n", "GET /healthz\r\n\r\n",
        "GET /healthz HTTP/9.9\r\nHost: t\r\n\r\n", "GET /healthz HTTP/1.1\r\nHost t\r\n\r\n",
        "GET /heal\x01thz HTTP/1.1\r\nHost: t\r\n\r\n",
        "GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n",
        "GET /healthz HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n",
        "GET /healthz HTTP/1.1\r\nHost: t\r\nContent-Length: -1\r\n\r\n",
        "GET /healthz HTTP/1.1\r\nHost: t\r\nContent-Length: 99999999999999999999\r\n\r\n",
        "GET /healthz HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 tls\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"));

TEST(AdminServerLimits, a_header_that_is_too_large_is_a_431) {
  const AdminServer server(any_port, endpoints());
  HttpClient client(server.port());
  EXPECT_EQ(
      client.ask("GET /healthz HTTP/1.1\r\nX: " + std::string(20'000, 'x') + "\r\n\r\n").status,
      431);
}

TEST(AdminServerLimits, a_body_that_is_too_large_is_a_413) {
  const AdminServer server(any_port, endpoints());
  HttpClient client(server.port());
  EXPECT_EQ(
      client.ask("POST /healthz HTTP/1.1\r\nHost: t\r\nContent-Length: 1000000\r\n\r\n").status,
      413);
}

TEST(AdminServerLimits, a_chunked_body_that_is_too_large_is_a_413) {
  const AdminServer server(any_port, endpoints());
  HttpClient client(server.port());
  const std::string chunk = "1000\r\n" + std::string(0x1000, 'x') + "\r\n";
  std::string request = "POST /healthz HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (int i = 0; i < 16; ++i) request += chunk;
  EXPECT_EQ(client.ask(request).status, 413);
}

TEST(AdminServerLimits, a_request_that_never_ends_is_cut_off) {
  AdminLimits limits;
  limits.request = milliseconds(50);
  const AdminServer server(any_port, endpoints(), limits);
  HttpClient client(server.port());
  client.send("GET /healthz HTTP/1.1\r\nHost: t\r\n");
  EXPECT_TRUE(client.closed_by_server());
}

TEST(AdminServerLimits, a_byte_now_and_then_does_not_keep_a_request_alive) {
  AdminLimits limits;
  limits.request = milliseconds(200);
  const AdminServer server(any_port, endpoints(), limits);
  HttpClient client(server.port());
  client.send("GET /healthz HTTP/1.1\r\nHost: t\r\nX: ");
  while (client.send("x")) {
    pollfd none{-1, 0, 0};
    ::poll(&none, 1, 10);
  }
  SUCCEED();  // reached only when the server has closed; the test's time-out is its other end
}

TEST(AdminServerLimits, an_idle_connection_is_closed) {
  AdminLimits limits;
  limits.idle = milliseconds(50);
  const AdminServer server(any_port, endpoints(), limits);
  EXPECT_TRUE(HttpClient(server.port()).closed_by_server());
}

TEST(AdminServerLimits, a_client_that_does_not_read_delays_nobody) {
  const AdminServer server(any_port, endpoints());
  HttpClient slow(server.port());
  for (int i = 0; i < 10; ++i) slow.send(get("/long"));
  EXPECT_EQ(HttpClient(server.port()).ask(get("/healthz")).status, 200);
}

TEST(AdminServerLimits, two_hundred_idle_connections_delay_nobody) {
  const AdminServer server(any_port, endpoints());
  std::vector<std::unique_ptr<HttpClient>> idle;
  for (int i = 0; i < 200; ++i) idle.push_back(std::make_unique<HttpClient>(server.port()));
  EXPECT_EQ(HttpClient(server.port()).ask(get("/healthz")).status, 200);
  for (auto& client : idle) ASSERT_EQ(client->ask(get("/healthz")).status, 200);
}

TEST(AdminServerLimits, half_sent_requests_delay_nobody) {
  const AdminServer server(any_port, endpoints());
  std::vector<std::unique_ptr<HttpClient>> half;
  for (int i = 0; i < 100; ++i) {
    half.push_back(std::make_unique<HttpClient>(server.port()));
    half.back()->send("GET /healthz HTTP/1.1\r\nHo");
  }
  EXPECT_EQ(HttpClient(server.port()).ask(get("/healthz")).status, 200);
  for (auto& client : half) ASSERT_EQ(client->ask("st: t\r\n\r\n").status, 200);
}

TEST(AdminServerLimits, at_the_limit_the_longest_idle_connection_makes_room) {
  AdminLimits limits;
  limits.connections = 3;
  const AdminServer server(any_port, endpoints(), limits);
  HttpClient first(server.port());
  ASSERT_EQ(first.ask(get("/healthz")).status, 200);
  HttpClient second(server.port());
  ASSERT_EQ(second.ask(get("/healthz")).status, 200);
  HttpClient third(server.port());
  ASSERT_EQ(third.ask(get("/healthz")).status, 200);
  HttpClient fourth(server.port());
  EXPECT_EQ(fourth.ask(get("/healthz")).status, 200);
  EXPECT_TRUE(first.closed_by_server());
  EXPECT_EQ(second.ask(get("/healthz")).status, 200);
}

TEST(AdminServerLimits, ends_while_clients_are_in_the_middle_of_things) {
  auto server = std::make_unique<AdminServer>(any_port, endpoints());
  HttpClient idle(server->port());
  HttpClient half(server->port());
  HttpClient busy(server->port());
  half.send("GET /healthz HTTP");
  for (int i = 0; i < 10; ++i) busy.send(get("/long"));
  ASSERT_EQ(HttpClient(server->port()).ask(get("/healthz")).status, 200);
  server.reset();
  EXPECT_TRUE(idle.closed_by_server());
  EXPECT_TRUE(half.closed_by_server());
}

}  // namespace
}  // namespace gantry::http
