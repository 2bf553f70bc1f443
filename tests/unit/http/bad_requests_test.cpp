// Each file of fixtures/http is answered as it says, over a real socket.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "unit/http/ingress_server.hpp"

namespace gantry::test {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

std::vector<std::string> cases() {
  std::vector<std::string> all;
  for (const auto& entry : fs::directory_iterator(GANTRY_FIXTURES "/http"))
    if (entry.path().extension() == ".http") all.push_back(entry.path().stem().string());
  std::sort(all.begin(), all.end());
  return all;
}

std::string unescaped(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 == text.size()) {
      out += text[i];
      continue;
    }
    const char escape = text[++i];
    if (escape == 'x') {
      out += static_cast<char>(std::stoi(std::string(text.substr(i + 1, 2)), nullptr, 16));
      i += 2;
    } else if (escape == '(') {
      const auto star = text.find('*', i);
      const auto end = text.find(')', star);
      const std::string part = unescaped(text.substr(star + 1, end - star - 1));
      for (int n = std::stoi(std::string(text.substr(i + 1, star - i - 1))); n > 0; --n)
        out += part;
      i = end;
    } else {
      out += escape == 'r' ? '\r' : escape == 'n' ? '\n' : escape;
    }
  }
  return out;
}

struct Fixture {
  std::vector<std::string> expected;
  std::string server, connection, client;
  std::string bytes;
};

// Whether the line ends in a backslash that does not escape, and is not escaped itself.
bool goes_on(const std::string& line) {
  const auto last = line.find_last_not_of('\\');
  return (line.size() - (last == std::string::npos ? 0 : last + 1)) % 2 == 1;
}

Fixture read_fixture(const std::string& name) {
  Fixture fixture;
  std::ifstream file(fs::path(GANTRY_FIXTURES) / "http" / (name + ".http"));
  std::string line;
  const auto take = [&line](const std::string& key, std::string& into) {
    if (line.starts_with("# " + key + ": ")) into = line.substr(key.size() + 4);
  };
  while (std::getline(file, line) && line != "---") {
    std::string expected;
    take("expect", expected);
    if (!expected.empty()) fixture.expected.push_back(expected);
    take("server", fixture.server);
    take("connection", fixture.connection);
    take("client", fixture.client);
  }
  while (std::getline(file, line)) {
    const bool more = goes_on(line);
    if (more) line.pop_back();
    fixture.bytes += unescaped(line) + (more ? "" : "\r\n");
  }
  return fixture;
}

config::Http settings_of(const Fixture& fixture) {
  config::Http http = IngressServer::local();
  http.limits.header_bytes = 2048;
  http.limits.body_bytes = 1000;
  if (fixture.server == "tokens")
    http.auth = config::HttpAuth{
        {{"shop", "a-token-of-the-shop"}, {"other", "a-token-of-somebody"}}, "", ""};
  if (fixture.server == "subject") http.auth = config::HttpAuth{{}, "x-user-id", "userId"};
  return http;
}

class Requests : public testing::TestWithParam<std::string> {};

TEST_P(Requests, are_answered_as_their_fixture_says) {
  const Fixture fixture = read_fixture(GetParam());
  ASSERT_FALSE(fixture.expected.empty()) << "the fixture says no # expect:";
  ASSERT_THAT(fixture.connection, testing::AnyOf("closed", "kept"));
  IngressServer server(settings_of(fixture));
  const auto say_ok = [](TestRoute&, Messages, gantry_outcome&) {};
  server.add(http_route("POST", "/payments"), say_ok);
  server.add(http_route("POST", "/coupons/{couponId}/requests"), say_ok);
  server.start();

  HttpClient client(server.port());
  client.send(fixture.bytes);
  if (fixture.client == "ends") client.end_sending();
  for (const std::string& expected : fixture.expected) {
    const Answer answer = client.receive();
    EXPECT_EQ(std::to_string(answer.status), expected.substr(0, 3)) << answer.head << answer.body;
    if (answer.status < 400) continue;
    EXPECT_THAT(answer.body, HasSubstr(expected.substr(4)));
    EXPECT_THAT(answer.body, HasSubstr("\"status\":" + expected.substr(0, 3)));
    EXPECT_EQ(field_of(answer, "Content-Type"), "application/problem+json");
    if (answer.status == 405) {
      EXPECT_EQ(field_of(answer, "Allow"), "OPTIONS, POST");
    }
    if (answer.status == 401) {
      EXPECT_EQ(field_of(answer, "WWW-Authenticate"), "Bearer");
    }
  }
  if (fixture.connection == "closed") {
    EXPECT_TRUE(client.closed_by_server());
  } else {
    const std::string auth = "Authorization: Bearer a-token-of-the-shop\r\nX-User-Id: 7\r\n";
    EXPECT_EQ(client.ask(post("/payments", R"({"userId":7})", auth)).status, 200)
        << "the connection was to be kept";
  }
}

INSTANTIATE_TEST_SUITE_P(Fixtures, Requests, testing::ValuesIn(cases()), [](const auto& one) {
  std::string name = one.param;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
});

TEST(BadRequests, are_at_least_forty) {
  const auto all = cases();
  EXPECT_GE(std::count_if(all.begin(), all.end(),
                          [](const std::string& name) { return !name.starts_with("good-"); }),
            40);
}

}  // namespace
}  // namespace gantry::test
