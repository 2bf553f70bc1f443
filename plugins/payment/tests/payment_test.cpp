// What the handler says without a database: none is needed for what it refuses, and none is there
// for the rest.
#include <gtest/gtest.h>

#include <gantry/testing.hpp>

#include "bad_request.hpp"
#include "payment_writer.hpp"

namespace payments {
namespace {

using gantry::testing::FakeHost;
using gantry::testing::message;
using payload::testing::bad_requests;
using payload::testing::BadRequest;

constexpr const char* good = R"({"orderId":1,"userId":7,"amount":12000,"currency":"KRW"})";

class PaymentTest : public ::testing::Test {
 protected:
  PaymentTest() { host_.set("database", "host=127.0.0.1 port=1 user=x dbname=x").as_http_route(); }
  FakeHost host_{gantry_plugin_v1, "payment"};
};

class BadPayment : public PaymentTest, public ::testing::WithParamInterface<BadRequest> {};

TEST_P(BadPayment, gets_the_answer_of_the_table) {
  const auto result = host_.deliver(message(GetParam().bytes));
  ASSERT_TRUE(result.is_ok()) << result.reason;
  const auto reply = host_.reply(result.slot);
  EXPECT_EQ(reply->status, GetParam().status);
  EXPECT_EQ(reply->content_type, "application/problem+json");
  EXPECT_NE(reply->body.find("\"detail\":\"" + GetParam().detail + "\""), std::string::npos)
      << reply->body;
  const std::string field = GetParam().detail.substr(0, GetParam().detail.find(':'));
  EXPECT_NE(reply->body.find("\"field\":\"" + field + "\""), std::string::npos) << reply->body;
}
INSTANTIATE_TEST_SUITE_P(Fixtures, BadPayment,
                         ::testing::ValuesIn(bad_requests(GANTRY_BAD_PAYMENTS)),
                         payload::testing::test_name);

TEST_F(PaymentTest, is_unavailable_without_its_database) {
  const auto result = host_.deliver(message(good));
  EXPECT_TRUE(result.is_unavailable());
  EXPECT_EQ(result.error_class, "database.connection");
}

TEST_F(PaymentTest, answers_what_is_malformed_while_the_database_is_away) {
  const auto results = host_.deliver({message(good), message("{"), message(good)});
  EXPECT_TRUE(results[0].is_unavailable());
  ASSERT_TRUE(results[1].is_ok());
  EXPECT_EQ(host_.reply(results[1].slot)->status, 400);
  EXPECT_TRUE(results[2].is_unavailable());
}

TEST_F(PaymentTest, refuses_a_route_whose_host_has_no_outbox) {
  host_.without(GANTRY_OUTBOX_V1);
  try {
    host_.start();
    FAIL() << "was accepted";
  } catch (const std::runtime_error& error) {
    EXPECT_NE(std::string(error.what()).find("gantry.outbox/1"), std::string::npos);
  }
}

TEST_F(PaymentTest, says_what_it_needs_before_it_is_called) {
  const gantry_handler_type& type = host_.type();
  EXPECT_EQ(type.flags & GANTRY_USES_OUTBOX, GANTRY_USES_OUTBOX);
  EXPECT_EQ(type.flags & (GANTRY_SOURCE_HTTP | GANTRY_SOURCE_TOPIC), GANTRY_SOURCE_HTTP);
  EXPECT_STREQ(type.required_extensions[0], "gantry.outbox/1");
  EXPECT_STREQ(type.outputs[0]->key_format, "int64");
}

TEST(PaymentWriter, writes_the_event_with_its_items) {
  const Order order{41,    7,      12000,
                    "KRW", "PAID", std::chrono::sys_days{std::chrono::year{2026} / 11 / 23}};
  EXPECT_EQ(order_created_event(order, {{"a\"b", 2, 6000}, {"c", 1, 0}}),
            R"({"eventId":"c01a9b51-53dc-5b3c-a0aa-2701ca62742e","type":"OrderCreatedEvent",)"
            R"("orderId":41,"userId":7,"amount":12000,"currency":"KRW","status":"PAID",)"
            R"("items":[{"sku":"a\"b","qty":2,"price":6000},{"sku":"c","qty":1,"price":0}],)"
            R"("occurredAt":"2026-11-23T00:00:00Z"})");
}

}  // namespace
}  // namespace payments
