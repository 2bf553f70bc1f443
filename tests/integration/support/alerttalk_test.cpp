// The stand-in for AlertTalk behaves as each test tells it to, seen by an HTTP client that is not
// its own.
#include <curl/curl.h>
#include <gtest/gtest.h>

#include <memory>

#include "support/alerttalk_server.hpp"

namespace gantry::test {
namespace {

struct Answer {
  CURLcode code;
  long status = 0;
  std::string text;  // fields and body
};

std::size_t append(char* data, std::size_t size, std::size_t count, void* text) {
  static_cast<std::string*>(text)->append(data, size * count);
  return size * count;
}

Answer post(const std::string& url, const std::string& key, long timeout_ms = 30000) {
  const std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> curl(curl_easy_init(),
                                                                 curl_easy_cleanup);
  const std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)> headers(
      curl_slist_append(nullptr, ("Idempotency-Key: " + key).c_str()), curl_slist_free_all);
  Answer answer{};
  curl_easy_setopt(curl.get(), CURLOPT_URL, url.c_str());
  curl_easy_setopt(curl.get(), CURLOPT_POSTFIELDS, R"({"to":"7"})");
  curl_easy_setopt(curl.get(), CURLOPT_HTTPHEADER, headers.get());
  curl_easy_setopt(curl.get(), CURLOPT_HEADER, 1L);
  curl_easy_setopt(curl.get(), CURLOPT_NOPROXY, "*");
  curl_easy_setopt(curl.get(), CURLOPT_TIMEOUT_MS, timeout_ms);
  curl_easy_setopt(curl.get(), CURLOPT_WRITEFUNCTION, append);
  curl_easy_setopt(curl.get(), CURLOPT_WRITEDATA, &answer.text);
  answer.code = curl_easy_perform(curl.get());
  curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &answer.status);
  return answer;
}

TEST(AlertTalk, answers_200_until_told_otherwise) {
  const AlertTalkServer server;
  EXPECT_EQ(post(server.url(), "a").status, 200);
}

TEST(AlertTalk, records_requests_with_fields_body_and_repeats) {
  const AlertTalkServer server;
  post(server.url("/messages?x=1"), "a");
  post(server.url(), "a");
  const auto requests = server.requests();
  ASSERT_EQ(requests.size(), 2u);
  EXPECT_EQ(requests[0].method, "POST");
  EXPECT_EQ(requests[0].target, "/messages?x=1");
  EXPECT_EQ(requests[0].headers.at("idempotency-key"), "a");
  EXPECT_EQ(requests[0].json.at("to").as_string(), "7");
  EXPECT_EQ(requests[1].times_seen, 2u);
  EXPECT_EQ(server.requests_by_key().at("a"), 2u);
}

TEST(AlertTalk, answers_with_the_status_fields_and_body_it_is_told) {
  AlertTalkServer server;
  server.behave([](const AlertRequest&) {
    return AlertReply{.status = 429, .body = "slow down", .headers = {{"Retry-After", "2"}}};
  });
  const Answer answer = post(server.url(), "a");
  EXPECT_EQ(answer.status, 429);
  EXPECT_NE(answer.text.find("Retry-After: 2"), std::string::npos);
  EXPECT_NE(answer.text.find("slow down"), std::string::npos);
}

TEST(AlertTalk, can_behave_by_how_often_a_key_was_seen) {
  AlertTalkServer server;
  server.behave([](const AlertRequest& request) {
    return AlertReply{.status = request.times_seen < 3 ? 500u : 200u};
  });
  EXPECT_EQ(post(server.url(), "a").status, 500);
  EXPECT_EQ(post(server.url(), "a").status, 500);
  EXPECT_EQ(post(server.url(), "a").status, 200);
}

TEST(AlertTalk, resets_the_connection) {
  AlertTalkServer server;
  server.behave([](const AlertRequest&) { return AlertReply{.then = AlertReply::Then::reset}; });
  EXPECT_EQ(post(server.url(), "a").code, CURLE_RECV_ERROR);
}

TEST(AlertTalk, never_answers) {
  AlertTalkServer server;
  server.behave([](const AlertRequest&) { return AlertReply{.then = AlertReply::Then::silence}; });
  EXPECT_EQ(post(server.url(), "a", 200).code, CURLE_OPERATION_TIMEDOUT);
  EXPECT_EQ(server.request_count(), 1u);
}

TEST(AlertTalk, refuses_while_it_is_stopped_and_comes_back_on_its_port) {
  AlertTalkServer server;
  server.stop();
  EXPECT_EQ(post(server.url(), "a").code, CURLE_COULDNT_CONNECT);
  server.start();
  EXPECT_EQ(post(server.url(), "a").status, 200);
}

}  // namespace
}  // namespace gantry::test
