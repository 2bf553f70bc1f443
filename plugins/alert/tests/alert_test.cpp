// What the handler says without a database and without a provider.
#include <gtest/gtest.h>

#include <gantry/testing.hpp>

#include "order_event.hpp"
#include "payloads.hpp"

namespace notifications {
namespace {

using gantry::testing::FakeHost;
using gantry::testing::message;
using orders::testing::bad_payloads;
using orders::testing::order_event;
using orders::testing::Payload;
using orders::testing::test_name;

class AlertTest : public ::testing::Test {
 protected:
  AlertTest() {
    host_.set("database", "host=127.0.0.1 port=1 user=x dbname=x")
        .set("url", "http://127.0.0.1:1/messages")
        .set("template", "order-paid")
        .set("sender_key", "very-secret");
  }
  std::string refusal() {
    try {
      host_.start();
      return "";
    } catch (const std::runtime_error& error) {
      return error.what();
    }
  }
  FakeHost host_{gantry_plugin_v1, "alert"};
};

class AlertPayload : public AlertTest, public ::testing::WithParamInterface<Payload> {};

TEST_P(AlertPayload, is_rejected_with_the_reason_of_the_table) {
  const auto result = host_.deliver(message(GetParam().bytes));
  EXPECT_TRUE(result.is_reject());
  EXPECT_EQ(result.reason, GetParam().reason);
  EXPECT_EQ(result.error_class, "invalid_event");
}
INSTANTIATE_TEST_SUITE_P(Bad, AlertPayload, ::testing::ValuesIn(bad_payloads()), test_name);

TEST_F(AlertTest, rejects_a_tombstone) {
  EXPECT_TRUE(host_.deliver(message().tombstone()).is_reject());
}

TEST_F(AlertTest, passes_over_events_of_another_type_and_counts_them) {
  EXPECT_TRUE(host_.deliver(message(R"({"type":"OrderCancelledEvent"})")).is_ok());
  EXPECT_EQ(host_.metric("notifications_skipped_total"), 1);
}

TEST_F(AlertTest, is_unavailable_without_its_database) {
  const auto result = host_.deliver(message(order_event("e-1", 1)));
  EXPECT_TRUE(result.is_unavailable());
  EXPECT_EQ(result.error_class, "database.connection");
}

TEST_F(AlertTest, settles_every_message_of_a_mixed_batch) {
  const auto results = host_.deliver(
      {message("{"), message(order_event("e-1", 1)), message(R"({"type":"OrderCancelledEvent"})")});
  EXPECT_TRUE(results[0].is_reject());
  EXPECT_TRUE(results[1].is_unavailable());
  EXPECT_TRUE(results[2].is_ok());
  host_.stop();
  EXPECT_EQ(host_.misbehaviour(), 0u);
}

TEST_F(AlertTest, works_without_metrics) {
  host_.without("gantry.metrics/1");
  EXPECT_TRUE(host_.deliver(message(R"({"type":"OrderCancelledEvent"})")).is_ok());
}

TEST_F(AlertTest, refuses_a_duplicate_code_that_it_cannot_read) {
  host_.set("duplicate_codes", std::vector<std::string>{"E1005"});
  EXPECT_TRUE(refusal().starts_with("duplicate_codes: \"E1005\"")) << refusal();
}

TEST_F(AlertTest, refuses_a_header_name_that_is_none) {
  host_.set("idempotency_header", "Idempotency Key");
  EXPECT_TRUE(refusal().starts_with("idempotency_header: "));
}

TEST(AlertOptions, keep_the_sender_key_secret) {
  const FakeHost host(gantry_plugin_v1, "alert");
  for (std::size_t i = 0; i < host.type().option_count; ++i) {
    const gantry_option& option = *host.type().options[i];
    EXPECT_EQ((option.flags & GANTRY_SECRET) != 0, std::string(option.name) == "sender_key")
        << option.name;
  }
}

}  // namespace
}  // namespace notifications
