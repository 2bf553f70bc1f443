// The client against a real HTTP server on this machine: what each kind of answer becomes, and many
// at once.
#include "curl_alert_talk_client.hpp"

#include <gtest/gtest.h>

#include <mutex>

#include "support/alerttalk_server.hpp"
#include "support/wait.hpp"

namespace notifications {
namespace {

using gantry::test::AlertReply;
using gantry::test::AlertRequest;
using gantry::test::AlertTalkServer;
using gantry::test::eventually;
using outcome::Remedy;
using namespace std::chrono_literals;

class CurlAlertTalkClientTest : public ::testing::Test {
 protected:
  AlertTalkSettings settings(std::chrono::milliseconds timeout = 30s) const {
    AlertTalkSettings settings;
    settings.url = server_.url();
    settings.template_code = "order-paid";
    settings.sender_key = "very-secret";
    settings.timeout = timeout;
    settings.idempotency_header = "Idempotency-Key";
    return settings;
  }
  CurlAlertTalkClient::Deliver collect() {
    return [this](std::span<const Delivery> deliveries) {
      const std::lock_guard lock(mutex_);
      deliveries_.insert(deliveries_.end(), deliveries.begin(), deliveries.end());
    };
  }
  std::vector<Delivery> deliveries() {
    const std::lock_guard lock(mutex_);
    return deliveries_;
  }
  Delivery answered_by(AlertTalkServer::Behaviour behaviour, const AlertTalkSettings& with) {
    server_.behave(std::move(behaviour));
    CurlAlertTalkClient client(with, collect());
    client.send(1, notification("e-1"));
    client.finish(60s);
    return deliveries().at(0);
  }
  Delivery answered_by(const AlertReply& reply) {
    return answered_by([reply](const AlertRequest&) { return reply; }, settings());
  }
  static Notification notification(const std::string& event_id) {
    return {event_id, 41, 7, 12000, "KRW"};
  }

  AlertTalkServer server_;
  std::mutex mutex_;
  std::vector<Delivery> deliveries_;
};

TEST_F(CurlAlertTalkClientTest, posts_json_with_the_event_id_as_idempotency_key) {
  EXPECT_EQ(answered_by(AlertReply{}).answer, Answer::accepted);
  const AlertRequest request = server_.requests().at(0);
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.target, "/messages");
  EXPECT_EQ(request.idempotency_key, "e-1");
  EXPECT_EQ(request.headers.at("content-type"), "application/json");
  EXPECT_EQ(request.json.at("recipient").at("userId").as_int64(), 7);
  EXPECT_EQ(request.json.at("senderKey").as_string(), "very-secret");
}

TEST_F(CurlAlertTalkClientTest, keeps_the_event_id_in_another_header_where_the_route_says_so) {
  AlertTalkSettings own = settings();
  own.idempotency_header = "X-Request-Id";
  answered_by([](const AlertRequest&) { return AlertReply{}; }, own);
  EXPECT_EQ(server_.requests().at(0).headers.at("x-request-id"), "e-1");
}

TEST_F(CurlAlertTalkClientTest, passes_a_refusal_on) {
  const Delivery delivery = answered_by(AlertReply{.status = 400});
  EXPECT_EQ(delivery.failure.remedy, Remedy::reject);
  EXPECT_EQ(delivery.failure.reason.find("secret"), std::string::npos);
}

TEST_F(CurlAlertTalkClientTest, honours_retry_after_in_seconds) {
  const Delivery delivery =
      answered_by(AlertReply{.status = 429, .headers = {{"Retry-After", "7"}}});
  EXPECT_EQ(delivery.failure.remedy, Remedy::unavailable);
  EXPECT_EQ(delivery.failure.retry_after, 7s);
}

TEST_F(CurlAlertTalkClientTest, honours_retry_after_as_a_date_but_a_day_at_most) {
  const Delivery delivery = answered_by(
      AlertReply{.status = 503, .headers = {{"Retry-After", "Fri, 31 Dec 2100 23:59:59 GMT"}}});
  EXPECT_EQ(delivery.failure.retry_after, 24h);
}

TEST_F(CurlAlertTalkClientTest, waits_for_nothing_where_retry_after_is_past_or_nonsense) {
  for (const char* value : {"Fri, 31 Dec 1999 23:59:59 GMT", "soon", "-5"}) {
    deliveries_.clear();
    const Delivery delivery =
        answered_by(AlertReply{.status = 503, .headers = {{"Retry-After", value}}});
    EXPECT_EQ(delivery.failure.retry_after, 0s) << value;
  }
}

TEST_F(CurlAlertTalkClientTest, does_not_follow_a_redirect) {
  const Delivery delivery =
      answered_by(AlertReply{.status = 307, .headers = {{"Location", server_.url("/elsewhere")}}});
  EXPECT_EQ(delivery.failure.remedy, Remedy::unavailable);
  EXPECT_EQ(server_.request_count(), 1u);
}

TEST_F(CurlAlertTalkClientTest, retries_when_an_answer_does_not_come_in_time) {
  const Delivery delivery =
      answered_by([](const AlertRequest&) { return AlertReply{.then = AlertReply::Then::silence}; },
                  settings(200ms));
  EXPECT_EQ(delivery.failure.remedy, Remedy::retry);
  EXPECT_EQ(delivery.failure.error_class, "http.timeout");
}

TEST_F(CurlAlertTalkClientTest, finds_a_provider_away_that_resets_the_connection) {
  const Delivery delivery = answered_by(AlertReply{.then = AlertReply::Then::reset});
  EXPECT_EQ(delivery.failure.remedy, Remedy::unavailable);
  EXPECT_EQ(delivery.failure.error_class, "http.reset");
}

TEST_F(CurlAlertTalkClientTest, finds_a_provider_away_that_refuses_the_connection) {
  server_.stop();
  const Delivery delivery = answered_by(AlertReply{});
  EXPECT_EQ(delivery.failure.remedy, Remedy::unavailable);
  EXPECT_EQ(delivery.failure.error_class, "http.connect");
}

TEST_F(CurlAlertTalkClientTest, finds_a_provider_away_whose_name_is_not_resolved) {
  AlertTalkSettings unknown = settings();
  unknown.url = "http://alerttalk.invalid/messages";
  const Delivery delivery = answered_by([](const AlertRequest&) { return AlertReply{}; }, unknown);
  EXPECT_EQ(delivery.failure.remedy, Remedy::unavailable);
  EXPECT_EQ(delivery.failure.error_class, "http.dns");
}

TEST_F(CurlAlertTalkClientTest, finds_a_provider_away_that_speaks_no_tls) {
  AlertTalkSettings secure = settings();
  secure.url.replace(0, 4, "https");
  const Delivery delivery = answered_by([](const AlertRequest&) { return AlertReply{}; }, secure);
  EXPECT_EQ(delivery.failure.remedy, Remedy::unavailable);
  EXPECT_EQ(delivery.failure.error_class, "http.tls");
}

TEST_F(CurlAlertTalkClientTest, reads_no_more_of_an_answer_than_it_needs) {
  AlertTalkSettings pointed = settings();
  pointed.success_pointer = "/success";
  const std::string body = R"({"success":true,"more":")" + std::string(max_body, 'x') + "\"}";
  const Delivery delivery =
      answered_by([&](const AlertRequest&) { return AlertReply{.body = body}; }, pointed);
  EXPECT_EQ(delivery.failure.error_class, "http.body_too_large");
}

TEST_F(CurlAlertTalkClientTest, has_as_many_requests_in_flight_as_it_may_and_no_more) {
  server_.behave([](const AlertRequest&) { return AlertReply{.then = AlertReply::Then::silence}; });
  AlertTalkSettings few = settings();
  few.max_in_flight = 3;
  CurlAlertTalkClient client(few, collect());
  for (Ticket ticket = 1; ticket <= 5; ++ticket) {
    client.send(ticket, notification("e-" + std::to_string(ticket)));
  }
  server_.wait_for_requests(3);
  client.abort(1);
  server_.wait_for_requests(4);
  EXPECT_EQ(server_.request_count(), 4u);
  client.finish(0ms);
  EXPECT_EQ(deliveries().size(), 5u);
}

TEST_F(CurlAlertTalkClientTest, sends_every_notification_once) {
  CurlAlertTalkClient client(settings(), collect());
  for (Ticket ticket = 1; ticket <= 2000; ++ticket) {
    client.send(ticket, notification("e-" + std::to_string(ticket)));
  }
  client.finish(60s);
  EXPECT_EQ(deliveries().size(), 2000u);
  EXPECT_EQ(server_.requests_by_key().size(), 2000u);
  EXPECT_EQ(server_.request_count(), 2000u);
}

TEST_F(CurlAlertTalkClientTest, gives_a_request_up_when_it_is_aborted) {
  server_.behave([](const AlertRequest&) { return AlertReply{.then = AlertReply::Then::silence}; });
  CurlAlertTalkClient client(settings(), collect());
  client.send(1, notification("e-1"));
  server_.wait_for_requests(1);
  client.abort(1);
  eventually([&] { return deliveries().size() == 1; }, 60s, "the aborted request is delivered");
  EXPECT_EQ(deliveries()[0].failure.remedy, Remedy::retry);
  EXPECT_EQ(deliveries()[0].failure.error_class, "http.aborted");
}

TEST_F(CurlAlertTalkClientTest, leaves_nothing_open_when_its_time_to_finish_is_over) {
  server_.behave([](const AlertRequest&) { return AlertReply{.then = AlertReply::Then::silence}; });
  CurlAlertTalkClient client(settings(), collect());
  client.send(1, notification("e-1"));
  server_.wait_for_requests(1);
  client.finish(0ms);
  ASSERT_EQ(deliveries().size(), 1u);
  EXPECT_EQ(deliveries()[0].failure.remedy, Remedy::unavailable);
  EXPECT_EQ(deliveries()[0].failure.error_class, "http.stopped");
}

}  // namespace
}  // namespace notifications
