#include "alert_fixture.hpp"
#include "support/wait.hpp"

namespace notifications {
namespace {

using gantry::test::AlertReply;
using gantry::test::AlertRequest;
using gantry::test::Postgres;
using gantry::testing::Input;
using gantry::testing::message;
using orders::testing::order_event;
using namespace std::chrono_literals;

class AlertDeliveryTest : public testing::AlertFixture {
 protected:
  AlertDeliveryTest() : AlertFixture(Postgres::shared().create_database()) {}
};

TEST_F(AlertDeliveryTest, sends_and_records) {
  EXPECT_TRUE(notify("e-1").is_ok());
  EXPECT_EQ(row("e-1"), "SENT 1 41 7 t");
  EXPECT_EQ(server_.requests_by_key().at("e-1"), 1u);
  EXPECT_EQ(host_.metric("notifications_sent_total"), 1);
}

TEST_F(AlertDeliveryTest, sends_nothing_twice) {
  EXPECT_TRUE(notify("e-1").is_ok());
  EXPECT_TRUE(notify("e-1").is_ok());
  EXPECT_EQ(server_.request_count(), 1u);
  EXPECT_EQ(host_.metric("notifications_repeated_total"), 1);
}

TEST_F(AlertDeliveryTest, has_the_row_before_the_request) {
  std::string seen;
  server_.behave([&](const AlertRequest&) {
    seen = row("e-1");
    return AlertReply{};
  });
  EXPECT_TRUE(notify("e-1").is_ok());
  EXPECT_EQ(seen, "SENDING 1 41 7 f");
}

TEST_F(AlertDeliveryTest, sends_a_batch_with_many_in_flight) {
  std::vector<Input> batch;
  for (int i = 0; i < 1000; ++i)
    batch.push_back(message(order_event("e-" + std::to_string(i), i + 1)));
  for (const auto& result : host_.deliver(batch)) {
    ASSERT_TRUE(host_.wait(result.slot, 60s).is_ok());
  }
  EXPECT_EQ(server_.requests_by_key().size(), 1000u);
  EXPECT_EQ(server_.request_count(), 1000u);
  EXPECT_EQ(database_.value<int>("SELECT count(*) FROM notifications WHERE state = 'SENT'"), 1000);
}

TEST_F(AlertDeliveryTest, sends_again_with_the_same_key_what_a_crash_left_under_way) {
  database_.execute(
      "INSERT INTO notifications (event_id, order_id, user_id, state, attempts) "
      "VALUES ('e-1', 41, 7, 'SENDING', 1)");
  EXPECT_TRUE(notify("e-1").is_ok());
  EXPECT_EQ(server_.requests().at(0).idempotency_key, "e-1");
  EXPECT_EQ(row("e-1"), "SENT 2 41 7 t");
}

TEST_F(AlertDeliveryTest, takes_the_providers_word_that_it_was_sent) {
  host_.set("duplicate_codes", std::vector<std::string>{"409"});
  server_.behave(always({.status = 409}));
  EXPECT_TRUE(notify("e-1").is_ok());
  EXPECT_EQ(row("e-1"), "SENT 1 41 7 t");
  EXPECT_EQ(host_.metric("notifications_sent_total"), 0);
}

TEST_F(AlertDeliveryTest, rejects_what_the_provider_refuses_and_records_it) {
  server_.behave(always({.status = 422}));
  const auto result = notify("e-1");
  EXPECT_TRUE(result.is_reject());
  EXPECT_EQ(result.reason, "AlertTalk answered 422");
  EXPECT_EQ(result.error_class, "http.422");
  EXPECT_EQ(row("e-1"), "FAILED 1 41 7 f");
}

TEST_F(AlertDeliveryTest, sends_a_replayed_dead_letter_once_the_provider_takes_it) {
  server_.behave(always({.status = 400}));
  EXPECT_TRUE(notify("e-1").is_reject());
  server_.behave(always({}));
  EXPECT_TRUE(notify("e-1").is_ok());
  EXPECT_EQ(row("e-1"), "SENT 2 41 7 t");
}

TEST_F(AlertDeliveryTest, retries_an_internal_error_until_it_is_over) {
  server_.behave([](const AlertRequest& request) {
    return AlertReply{.status = request.times_seen < 3 ? 500u : 200u};
  });
  EXPECT_TRUE(notify("e-1").is_retry());
  EXPECT_TRUE(notify("e-1").is_retry());
  EXPECT_TRUE(notify("e-1").is_ok());
  EXPECT_EQ(row("e-1"), "SENT 3 41 7 t");
}

TEST_F(AlertDeliveryTest, waits_as_long_as_the_provider_asks) {
  server_.behave(always({.status = 429, .headers = {{"Retry-After", "9"}}}));
  const auto result = notify("e-1");
  EXPECT_TRUE(result.is_unavailable());
  EXPECT_EQ(result.retry_after, 9s);
}

TEST_F(AlertDeliveryTest, settles_at_once_what_the_host_gives_up) {
  server_.behave(always({.then = AlertReply::Then::silence}));
  const auto pending = host_.deliver(message(order_event("e-1", 41)));
  ASSERT_TRUE(pending.is_pending());
  server_.wait_for_requests(1);
  host_.cancel(pending.slot);
  EXPECT_TRUE(host_.wait(pending.slot, 60s).is_retry());
  EXPECT_EQ(row("e-1"), "SENDING 1 41 7 f");
}

TEST_F(AlertDeliveryTest, finishes_what_is_in_flight_when_the_route_drains) {
  server_.behave(always({.delay = 300ms}));
  const auto pending = host_.deliver(message(order_event("e-1", 41)));
  host_.stop(60s);
  EXPECT_TRUE(host_.wait(pending.slot).is_ok());
  EXPECT_EQ(row("e-1"), "SENT 1 41 7 t");
  EXPECT_EQ(host_.misbehaviour(), 0u);
}

TEST_F(AlertDeliveryTest, settles_the_rest_when_the_time_to_drain_is_over) {
  server_.behave(always({.then = AlertReply::Then::silence}));
  const auto pending = host_.deliver(message(order_event("e-1", 41)));
  server_.wait_for_requests(1);
  host_.stop(50ms);
  EXPECT_TRUE(host_.wait(pending.slot).is_unavailable());
  EXPECT_EQ(host_.misbehaviour(), 0u);
}

TEST_F(AlertDeliveryTest, says_the_sender_key_to_nobody_but_the_provider) {
  for (const unsigned status : {200u, 400u, 401u, 500u}) {
    server_.behave(always({.status = status}));
    EXPECT_EQ(notify("e-" + std::to_string(status)).reason.find("secret"), std::string::npos);
  }
  for (const auto& line : host_.logs()) {
    EXPECT_EQ(line.text.find("secret"), std::string::npos) << line.text;
  }
}

}  // namespace
}  // namespace notifications
