#include "http/admin_server.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

#include "unit/http/http_client.hpp"

namespace gantry::http {
namespace {

using test::get;
using test::HttpClient;
using testing::HasSubstr;
using testing::Not;

const config::Listen any_port{"127.0.0.1", 0};

Endpoints endpoints() {
  Endpoints result;
  result["/healthz"] = [](const Request&) {
    Response response;
    response.body = "{}\n";
    return response;
  };
  result["/echo"] = [](const Request& request) {
    Response response;
    response.content_type = "text/plain";
    response.body = request.method + ' ' + request.path + " [" + request.query + ']';
    response.fields["X-Test"] = "yes";
    return response;
  };
  result["/broken"] = [](const Request&) -> Response { throw std::runtime_error("broken"); };
  return result;
}

class AdminServerTest : public testing::Test {
 protected:
  AdminServer server{any_port, endpoints()};
  HttpClient client{server.port()};
};

TEST_F(AdminServerTest, tells_the_port_it_chose) {
  EXPECT_NE(server.port(), 0);
  EXPECT_EQ(server.address(), "127.0.0.1");
}

TEST_F(AdminServerTest, answers_a_get_with_what_the_endpoint_says) {
  const auto answer = client.ask(get("/echo?a=1&b"));
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, "GET /echo [a=1&b]");
  EXPECT_THAT(answer.head, HasSubstr("Content-Type: text/plain\r\n"));
  EXPECT_THAT(answer.head, HasSubstr("X-Test: yes\r\n"));
  EXPECT_THAT(answer.head, HasSubstr("Cache-Control: no-store\r\n"));
}

TEST_F(AdminServerTest, answers_a_head_with_the_length_and_no_body) {
  const auto answer = client.ask("HEAD /echo HTTP/1.1\r\nHost: test\r\n\r\n");
  EXPECT_EQ(answer.status, 200);
  EXPECT_THAT(answer.head, HasSubstr("Content-Length: 13\r\n"));  // "HEAD /echo []"
  EXPECT_EQ(client.ask(get("/healthz")).body, "{}\n");  // nothing of a body was in between
}

TEST_F(AdminServerTest, accepts_a_target_in_absolute_form) {
  EXPECT_EQ(client.ask(get("http://test:1/echo?x")).body, "GET /echo [x]");
}

TEST_F(AdminServerTest, names_its_paths_when_asked_for_another) {
  const auto answer = client.ask(get("/nothing"));
  EXPECT_EQ(answer.status, 404);
  EXPECT_THAT(answer.head, HasSubstr("Content-Type: application/problem+json\r\n"));
  EXPECT_EQ(answer.body,
            "{\"title\":\"Not Found\",\"status\":404,\"detail\":\"There is nothing here. The admin "
            "endpoint has /broken, /echo, /healthz.\"}\n");
}

TEST_F(AdminServerTest, refuses_other_methods_and_names_the_allowed_ones) {
  for (const char* method : {"POST", "DELETE", "OPTIONS", "BREW"}) {
    const auto answer =
        client.ask(std::string(method) + " /healthz HTTP/1.1\r\nHost: test\r\n\r\n");
    EXPECT_EQ(answer.status, 405) << method;
    EXPECT_THAT(answer.head, HasSubstr("Allow: GET, HEAD\r\n")) << method;
  }
}

TEST_F(AdminServerTest, keeps_the_connection_for_the_next_request) {
  EXPECT_EQ(client.ask(get("/healthz")).status, 200);
  EXPECT_EQ(client.ask(get("/nothing")).status, 404);
  EXPECT_EQ(client.ask(get("/healthz")).status, 200);
}

TEST_F(AdminServerTest, closes_when_the_client_asks_for_it) {
  const auto answer =
      client.ask("GET /healthz HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n");
  EXPECT_THAT(answer.head, HasSubstr("Connection: close\r\n"));
  EXPECT_TRUE(client.closed_by_server());
}

TEST_F(AdminServerTest, closes_after_an_http_1_0_request_without_a_host) {
  EXPECT_EQ(client.ask("GET /healthz HTTP/1.0\r\n\r\n").status, 200);
  EXPECT_TRUE(client.closed_by_server());
}

TEST_F(AdminServerTest, answers_pipelined_requests_in_order) {
  std::string requests;
  for (int i = 0; i < 500; ++i) requests += get("/echo?" + std::to_string(i));
  client.send(requests);
  for (int i = 0; i < 500; ++i) {
    ASSERT_EQ(client.receive().body, "GET /echo [" + std::to_string(i) + ']');
  }
}

TEST_F(AdminServerTest, reads_a_body_and_goes_on) {
  EXPECT_EQ(
      client.ask("POST /healthz HTTP/1.1\r\nHost: test\r\nContent-Length: 5\r\n\r\nhello").status,
      405);
  EXPECT_EQ(client.ask(get("/healthz")).status, 200);
}

TEST_F(AdminServerTest, answers_at_once_who_asks_whether_to_send_a_body) {
  const auto answer = client.ask(
      "POST /healthz HTTP/1.1\r\nHost: test\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
  EXPECT_EQ(answer.status, 405);
  EXPECT_THAT(answer.head, HasSubstr("Connection: close\r\n"));
}

TEST_F(AdminServerTest, an_endpoint_that_throws_is_a_500) {
  const auto answer = client.ask(get("/broken"));
  EXPECT_EQ(answer.status, 500);
  EXPECT_THAT(answer.body, Not(HasSubstr("broken")));
  EXPECT_EQ(client.ask(get("/healthz")).status, 200);
}

TEST(AdminServer, says_why_and_what_to_do_when_the_port_is_taken) {
  const AdminServer first(any_port, endpoints());
  try {
    const AdminServer second({"127.0.0.1", first.port()}, endpoints());
    FAIL() << "bound twice";
  } catch (const std::runtime_error& error) {
    EXPECT_EQ(std::string(error.what()),
              "the admin endpoint can't listen on 127.0.0.1:" + std::to_string(first.port()) +
                  " ([admin] listen): Address already in use. Choose another port, or end what "
                  "listens there (ss -ltnp shows it).");
  }
}

TEST(AdminServer, says_so_when_the_address_is_not_this_machines) {
  EXPECT_THAT(
      [] {
        AdminServer({"192.0.2.1", 0}, endpoints());
      },
      testing::ThrowsMessage<std::runtime_error>(
          HasSubstr("Give an address of this machine and a free port.")));
}

TEST(AdminServer, listens_on_a_name_and_on_ipv6_in_brackets) {
  EXPECT_NE(AdminServer({"localhost", 0}, endpoints()).port(), 0);
  try {
    EXPECT_EQ(AdminServer({"[::1]", 0}, endpoints()).address(), "::1");
  } catch (const std::runtime_error&) {
    GTEST_SKIP() << "this machine has no IPv6 loopback";
  }
}

}  // namespace
}  // namespace gantry::http
