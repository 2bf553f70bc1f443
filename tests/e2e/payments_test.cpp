// What a payment sets off, and that it does so once however often it is asked.
#include <gmock/gmock.h>

#include <boost/json/parse.hpp>
#include <mutex>
#include <set>

#include "shop.hpp"

namespace gantry::test {
namespace {

using ::testing::HasSubstr;

class Payments : public Shop {
 protected:
  void SetUp() override {
    open();
    host_.emplace(files);
    host_->wait_until_ready();
  }
  void expect_one_of_everything(std::int64_t order) {
    wait_until_settled();
    const std::string id = std::to_string(order);
    EXPECT_EQ(database.count("orders WHERE status = 'PAID' AND order_id = " + id), 1);
    EXPECT_EQ(database.count("saved_orders WHERE order_id = " + id), 1);
    EXPECT_EQ(database.count("notifications WHERE state = 'SENT' AND order_id = " + id), 1);
    EXPECT_EQ(kafka.consume_all(topic).size(), 1u);
    EXPECT_EQ(alert_talk.request_count(), 1u);
    EXPECT_TRUE(dead_letters().empty());
  }
  std::optional<HostProcess> host_;
};

TEST_F(Payments, one_ends_as_a_paid_order_one_event_one_saved_order_and_one_notification) {
  create_order(1);
  const HttpAnswer answer = pay(1);
  EXPECT_EQ(answer.status, 200);
  EXPECT_THAT(answer.body, HasSubstr("\"status\":\"PAID\""));
  expect_one_of_everything(1);
}

// From the request through the row of the outbox to everybody who reads the event.
TEST_F(Payments, carry_the_trace_of_the_request_to_the_event) {
  create_order(1);
  const std::string trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  EXPECT_EQ(post(http_port(files), "/payments",
                 R"({"orderId":1,"userId":7,"amount":12000,"currency":"KRW"})",
                 "traceparent: " + trace + "\r\n")
                .status,
            200);
  wait_until_settled();
  const auto events = kafka.consume_all(topic);
  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(events[0].header("traceparent"), trace);
}

TEST_F(Payments, the_same_request_again_changes_nothing_and_gets_the_same_answer) {
  create_order(1);
  const HttpAnswer first = pay(1);
  const HttpAnswer again = pay(1);
  EXPECT_EQ(first.status, 200);
  EXPECT_EQ(again.status, 200);
  EXPECT_EQ(first.body, again.body);
  expect_one_of_everything(1);
}

TEST_F(Payments, the_same_request_fifty_times_at_once_pays_once) {
  create_order(1);
  std::mutex mutex;
  std::set<std::pair<int, std::string>> answers;
  at_once(50, 50, [&](int) {
    const HttpAnswer answer = pay(1);
    const std::lock_guard lock{mutex};
    answers.emplace(answer.status, answer.body);
  });
  ASSERT_EQ(answers.size(), 1u);
  EXPECT_EQ(answers.begin()->first, 200);
  expect_one_of_everything(1);
}

TEST_F(Payments, refused_ones_change_nothing_and_say_why) {
  create_order(1);
  create_order(2, "CANCELLED");
  EXPECT_EQ(pay(1).status, 200);
  const auto refused = [](const HttpAnswer& answer, int status, const char* why) {
    EXPECT_EQ(answer.status, status) << why;
    EXPECT_THAT(answer.body, HasSubstr(why));
  };
  refused(pay(1, 8), 409, "other-user");
  refused(pay(1, 7, 12001), 409, "other-amount");
  refused(pay(1, 7, 12000, "USD"), 409, "other-currency");
  refused(pay(2), 409, "order-not-payable");
  refused(pay(3), 404, "unknown-order");
  refused(pay(1, 7, 0), 422, "amount");
  expect_one_of_everything(1);
}

// What a Java service with LongDeserializer, JsonDeserializer and Spring's type header relies on.
TEST_F(Payments, the_event_is_what_a_java_consumer_reads) {
  create_order(258);
  ASSERT_EQ(pay(258).status, 200);
  wait_until_settled();
  const auto events = kafka.consume_all(topic);
  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(events[0].key, std::string("\0\0\0\0\0\0\x01\x02", 8));
  EXPECT_EQ(events[0].key, java_long(258));
  EXPECT_EQ(events[0].header("__TypeId__"), "OrderCreatedEvent");
  const auto event = boost::json::parse(*events[0].value);
  EXPECT_EQ(event.at("orderId").as_int64(), 258);
  EXPECT_EQ(event.at("userId").as_int64(), 7);
  EXPECT_EQ(event.at("amount").as_int64(), 12000);
  EXPECT_EQ(event.at("currency").as_string(), "KRW");
  EXPECT_EQ(event.at("type").as_string(), "OrderCreatedEvent");
}

TEST_F(Payments, a_dead_letter_of_the_topic_has_the_headers_that_spring_kafka_reads) {
  const Record bad = kafka.produce({.topic = topic,
                                    .partition = 2,
                                    .timestamp_ms = 1795435200123,
                                    .key = java_long(5),
                                    .value = "{\"type\":\"OrderCreatedEvent\"",
                                    .headers = {{"__TypeId__", "OrderCreatedEvent"}}});
  wait_until_settled();
  const auto letters = dead_letters();
  ASSERT_EQ(letters.size(), 2u);  // of each listener
  for (const Record& letter : letters) {
    EXPECT_EQ(letter.key, bad.key);
    EXPECT_EQ(letter.value, bad.value);
    EXPECT_EQ(letter.header("kafka_dlt-original-topic"), topic);
    EXPECT_EQ(letter.header("kafka_dlt-original-partition"), std::string("\0\0\0\x02", 4));
    EXPECT_EQ(letter.header("kafka_dlt-original-offset"), java_long(bad.offset));
    EXPECT_EQ(letter.header("kafka_dlt-original-timestamp"), java_long(1795435200123));
    EXPECT_EQ(letter.header("kafka_dlt-original-timestamp-type"), "CreateTime");
    EXPECT_TRUE(letter.header("kafka_dlt-exception-fqcn").has_value());
    EXPECT_THAT(*letter.header("kafka_dlt-original-consumer-group"), HasSubstr(run));
  }
}

TEST_F(Payments, while_the_table_is_away_a_client_is_told_to_come_again) {
  create_order(1);
  database.execute("ALTER TABLE orders RENAME TO orders_gone");
  EXPECT_EQ(pay(1).status, 503);
  database.execute("ALTER TABLE orders_gone RENAME TO orders");
  eventually([&] { return pay(1).status == 200; }, 60s, "the payment to be taken again");
  expect_one_of_everything(1);
}

}  // namespace
}  // namespace gantry::test
