// A route of HTTP requests is replaced while clients send them: each gets its answer.
#include <gmock/gmock.h>

#include <atomic>
#include <thread>

#include "releases.hpp"
#include "support/free_port.hpp"
#include "unit/http/http_client.hpp"

namespace gantry::test {
namespace {

constexpr int kClients = 4;

class ReloadRequests : public Releases {
 protected:
  void SetUp() override {
    Releases::SetUp();
    write_main("[http]\nlisten = \"127.0.0.1:" + std::to_string(port) + "\"\n");
    write_release_route("", kSource);
  }
  static std::string request(const std::string& body) {
    return "POST /release HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\n"
           "Content-Length: " +
           std::to_string(body.size()) + "\r\n\r\n" + body;
  }

  static constexpr const char* kSource = "http = { method = \"POST\", path = \"/release\" }";
  const std::uint16_t port = free_port();
};

TEST_F(ReloadRequests, no_request_is_refused_while_its_route_is_replaced) {
  HostProcess host(files);
  host.wait_until_ready();
  std::atomic<bool> ends{false};
  std::atomic<int> done{0};
  std::atomic<int> refused{0};
  std::vector<std::thread> clients;
  for (int i = 0; i < kClients; ++i)
    clients.emplace_back([&] {
      HttpClient client(port);
      while (!ends) client.ask(request("sleep:2")).status == 200 ? ++done : ++refused;
    });
  for (int round = 0; round < 6; ++round) {
    const int before = done;
    eventually([&] { return done > before + 50; }, 60s, "requests to be answered");
    install(round % 2 == 0 ? "v2" : "v1");
    reload(host);
  }
  ends = true;
  for (std::thread& client : clients) client.join();
  EXPECT_EQ(refused, 0);
  EXPECT_EQ(calls().calls("v1").size() + calls().calls("v2").size(), std::size_t(done));
  EXPECT_GT(calls().calls("v2").size(), 100u);
}

TEST_F(ReloadRequests, a_body_that_comes_slowly_goes_to_the_new_route) {
  HostProcess host(files);
  host.wait_until_ready();
  HttpClient client(port);
  const std::string whole = request("{\"slow\":true}");
  client.send(whole.substr(0, whole.size() - 5));
  install("v2");
  reload(host);
  client.send(whole.substr(whole.size() - 5));
  EXPECT_EQ(client.receive().status, 200);
  EXPECT_EQ(calls().calls("v2").size(), 1u);
}

TEST_F(ReloadRequests, a_path_that_goes_away_is_not_found_any_more) {
  HostProcess host(files);
  host.wait_until_ready();
  write_release_route("", "http = { method = \"POST\", path = \"/elsewhere\" }");
  reload(host);
  HttpClient client(port);
  EXPECT_EQ(client.ask(request("{}")).status, 404);
}

}  // namespace
}  // namespace gantry::test
