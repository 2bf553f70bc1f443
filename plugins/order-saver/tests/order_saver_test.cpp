// What the handler says without a database: none is needed for what it refuses, and none is there
// for the rest.
#include <gtest/gtest.h>

#include <gantry/testing.hpp>

#include "order_event.hpp"
#include "payloads.hpp"

namespace orders {
namespace {

using gantry::testing::FakeHost;
using gantry::testing::message;
using testing::bad_payloads;
using testing::order_event;
using testing::Payload;
using testing::test_name;

class OrderSaverTest : public ::testing::Test {
 protected:
  OrderSaverTest() { host_.set("database", "host=127.0.0.1 port=1 user=x dbname=x"); }
  FakeHost host_{gantry_plugin_v1, "order-saver"};
};

class OrderSaverPayload : public OrderSaverTest, public ::testing::WithParamInterface<Payload> {};

TEST_P(OrderSaverPayload, is_rejected_with_the_reason_of_the_table) {
  const auto result = host_.deliver(message(GetParam().bytes));
  EXPECT_TRUE(result.is_reject());
  EXPECT_EQ(result.reason, GetParam().reason);
  EXPECT_EQ(result.error_class, "invalid_event");
}
INSTANTIATE_TEST_SUITE_P(Bad, OrderSaverPayload, ::testing::ValuesIn(bad_payloads()), test_name);

TEST_F(OrderSaverTest, rejects_a_tombstone) {
  EXPECT_TRUE(host_.deliver(message().tombstone()).is_reject());
}

TEST_F(OrderSaverTest, passes_over_events_of_another_type_and_counts_them) {
  EXPECT_TRUE(host_.deliver(message(R"({"type":"OrderCancelledEvent"})")).is_ok());
  EXPECT_TRUE(
      host_.deliver(message("avro").header("__TypeId__", "com.acme.OrderCancelledEvent")).is_ok());
  EXPECT_EQ(host_.metric("orders_skipped_total"), 2);
}

TEST_F(OrderSaverTest, is_unavailable_without_its_database) {
  const auto result = host_.deliver(message(order_event("e-1", 1)));
  EXPECT_TRUE(result.is_unavailable());
  EXPECT_EQ(result.error_class, "database.connection");
}

TEST_F(OrderSaverTest, rejects_what_is_malformed_by_itself_while_the_database_is_away) {
  const auto results =
      host_.deliver({message(order_event("e-1", 1)), message("{"), message(order_event("e-2", 2))});
  EXPECT_TRUE(results[0].is_unavailable());
  EXPECT_TRUE(results[1].is_reject());
  EXPECT_TRUE(results[2].is_unavailable());
}

TEST_F(OrderSaverTest, lets_no_message_pass_a_rejected_one_of_its_key) {
  const auto other = message(R"({"type":"OrderCancelledEvent"})");
  const auto results = host_.deliver({gantry::testing::Input(other).key("a"), message("{").key("a"),
                                      gantry::testing::Input(other).key("b"),
                                      gantry::testing::Input(other).key("a")});
  EXPECT_TRUE(results[0].is_ok());
  EXPECT_TRUE(results[1].is_reject());
  EXPECT_TRUE(results[2].is_ok());
  EXPECT_TRUE(results[3].is_retry());
}

TEST_F(OrderSaverTest, keeps_messages_without_a_key_apart) {
  const auto results =
      host_.deliver({message("{").key(std::nullopt),
                     message(R"({"type":"OrderCancelledEvent"})").key(std::nullopt)});
  EXPECT_TRUE(results[0].is_reject());
  EXPECT_TRUE(results[1].is_ok());
}

TEST_F(OrderSaverTest, works_without_metrics) {
  host_.without("gantry.metrics/1");
  EXPECT_TRUE(host_.deliver(message(R"({"type":"OrderCancelledEvent"})")).is_ok());
}

TEST(OrderSaverSettings, with_an_unreadable_connection_string_are_refused) {
  FakeHost host(gantry_plugin_v1, "order-saver");
  host.set("database", "password=top secret");
  try {
    host.start();
    FAIL() << "was accepted";
  } catch (const std::runtime_error& error) {
    EXPECT_EQ(std::string(error.what()).find("secret"), std::string::npos) << error.what();
  }
}

}  // namespace
}  // namespace orders
