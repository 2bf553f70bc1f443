// The alert route against an AlertTalk that answers in every way a provider does.
#include <boost/json/value.hpp>

#include "end_to_end.hpp"
#include "support/alerttalk_server.hpp"

namespace gantry::test {
namespace {

class Notifications : public EndToEnd {
 protected:
  void SetUp() override {
    kafka.create_topic(topic);
    kafka.create_topic(dlq);
    files.set("ALERTTALK", alert_talk.url());
    write_main(database_table(database));
    files.route("alert", R"(
[[plugin]]
library = "libalert.so"
[[route]]
name = "alert"
handler = "alert"
topics = ["@TOPIC@"]
retry = { max_attempts = 4, backoff_ms = 50 }
settings = { database = "main", url = "@ALERTTALK@", template = "order-paid", sender_key = "secret", timeout_ms = 1000 }
)");
    apply_migrations();
  }
  // One order whose event id is `event`; until its offset is committed.
  void notify(const std::string& event) {
    send(event, order_event(++order_, event));
    kafka.wait_until_committed(group("alert"), topic);
  }
  std::int64_t sent() { return database.count("notifications WHERE state = 'SENT'"); }

  AlertTalkServer alert_talk;
  Database database = Postgres::shared().create_database();

 private:
  std::int64_t order_ = 0;
};

TEST_F(Notifications, a_success_is_sent_once_with_its_event_id_as_idempotency_key) {
  HostProcess host(files);
  notify("e-200");
  ASSERT_EQ(alert_talk.request_count(), 1u);
  EXPECT_EQ(alert_talk.requests()[0].idempotency_key, "e-200");
  EXPECT_EQ(alert_talk.requests()[0].json.at("variables").at("orderId").as_int64(), 1);
  EXPECT_EQ(sent(), 1);
}

TEST_F(Notifications, a_400_is_a_dead_letter_after_one_request) {
  alert_talk.behave([](const AlertRequest&) { return AlertReply{.status = 400, .body = "bad"}; });
  HostProcess host(files);
  notify("e-400");
  const auto letters = dead_letters();
  ASSERT_EQ(letters.size(), 1u);
  EXPECT_EQ(letters[0].header("gantry.reason"), "rejected");
  EXPECT_EQ(alert_talk.request_count(), 1u);
}

TEST_F(Notifications, a_500_is_tried_again_until_it_works) {
  alert_talk.behave(
      [](const AlertRequest& r) { return AlertReply{.status = r.times_seen < 3 ? 500u : 200u}; });
  HostProcess host(files);
  notify("e-500");
  EXPECT_EQ(alert_talk.request_count(), 3u);
  EXPECT_EQ(sent(), 1);
  EXPECT_TRUE(dead_letters().empty());
}

TEST_F(Notifications, a_429_is_waited_out_and_not_counted_as_an_attempt) {
  alert_talk.behave([](const AlertRequest& r) {
    if (r.times_seen > 4) return AlertReply{};
    return AlertReply{.status = 429, .headers = {{"Retry-After", "0"}}};
  });
  HostProcess host(files);
  notify("e-429");
  EXPECT_EQ(sent(), 1);
  EXPECT_TRUE(dead_letters().empty());
}

TEST_F(Notifications, a_slow_answer_within_the_time_out_is_a_success) {
  alert_talk.behave([](const AlertRequest&) { return AlertReply{.delay = 300ms}; });
  HostProcess host(files);
  notify("e-slow");
  EXPECT_EQ(alert_talk.request_count(), 1u);
  EXPECT_EQ(sent(), 1);
}

TEST_F(Notifications, a_reset_connection_is_tried_again) {
  alert_talk.behave([](const AlertRequest& r) {
    return AlertReply{.then =
                          r.times_seen < 3 ? AlertReply::Then::reset : AlertReply::Then::answer};
  });
  HostProcess host(files);
  notify("e-reset");
  EXPECT_EQ(alert_talk.request_count(), 3u);
  EXPECT_EQ(sent(), 1);
}

TEST_F(Notifications, no_answer_at_all_is_tried_again_and_then_a_dead_letter) {
  alert_talk.behave(
      [](const AlertRequest&) { return AlertReply{.then = AlertReply::Then::silence}; });
  HostProcess host(files);
  notify("e-silence");
  const auto letters = dead_letters();
  ASSERT_EQ(letters.size(), 1u);
  EXPECT_EQ(letters[0].header("gantry.reason"), "exhausted");
  EXPECT_EQ(alert_talk.request_count(), 4u);
}

TEST_F(Notifications, a_server_that_is_down_is_waited_for) {
  alert_talk.stop();
  HostProcess host(files);
  send("e-down", order_event(1, "e-down"));
  eventually([&] { return host.get("/readyz").body.find("unavailable") != std::string::npos; }, 60s,
             "the host to say that AlertTalk is unavailable");
  alert_talk.start();
  kafka.wait_until_committed(group("alert"), topic);
  EXPECT_EQ(sent(), 1);
  EXPECT_TRUE(dead_letters().empty());
}

}  // namespace
}  // namespace gantry::test
