#include "order_event_reader.hpp"

#include <gtest/gtest.h>

#include "payloads.hpp"

namespace orders {
namespace {

using testing::bad_payloads;
using testing::good_payloads;
using testing::Payload;
using testing::test_name;

const std::string valid =
    R"({"eventId":"e-1","type":"OrderCreatedEvent","orderId":1,"userId":7,"amount":12000,)"
    R"("currency":"KRW","status":"PAID","occurredAt":"2026-11-23T00:00:00Z"})";

std::string without_type() {
  std::string text = valid;
  const std::string type = R"("type":"OrderCreatedEvent",)";
  return text.erase(text.find(type), type.size());
}

class OrderEventReaderTest : public ::testing::Test {
 protected:
  Reading read(std::optional<std::string_view> value,
               std::optional<std::string_view> type_id = std::nullopt) {
    return reader_.read({"trace-topic", 2, 41, value, type_id}, event_);
  }

  OrderEventReader reader_;
  OrderCreatedEvent event_;
};

class BadPayload : public OrderEventReaderTest, public ::testing::WithParamInterface<Payload> {};

TEST_P(BadPayload, is_refused_with_the_reason_of_the_table) {
  EXPECT_EQ(read(GetParam().bytes), Reading::malformed);
  EXPECT_EQ(reader_.reason(), GetParam().reason);
}
INSTANTIATE_TEST_SUITE_P(Fixtures, BadPayload, ::testing::ValuesIn(bad_payloads()), test_name);

class GoodPayload : public OrderEventReaderTest, public ::testing::WithParamInterface<Payload> {};

TEST_P(GoodPayload, is_an_event) {
  EXPECT_EQ(read(GetParam().bytes), Reading::event) << reader_.reason();
}
INSTANTIATE_TEST_SUITE_P(Fixtures, GoodPayload, ::testing::ValuesIn(good_payloads()), test_name);

TEST_F(OrderEventReaderTest, fills_every_field) {
  ASSERT_EQ(read(valid), Reading::event);
  EXPECT_EQ(event_.event_id, "e-1");
  EXPECT_EQ(event_.order_id, 1);
  EXPECT_EQ(event_.user_id, 7);
  EXPECT_EQ(event_.amount, 12000);
  EXPECT_EQ(event_.currency, "KRW");
  EXPECT_EQ(event_.status, "PAID");
  EXPECT_EQ(event_.occurred_at, std::chrono::sys_days{std::chrono::year{2026} / 11 / 23});
}

TEST_F(OrderEventReaderTest, gives_an_event_without_id_its_place_in_kafka_as_identity) {
  std::string text = valid;
  ASSERT_EQ(read(text.replace(text.find("\"e-1\""), 5, "null")), Reading::event);
  EXPECT_EQ(event_.event_id, "trace-topic-2-41");
}

TEST_F(OrderEventReaderTest, keeps_nothing_of_the_event_before) {
  ASSERT_EQ(read(valid), Reading::event);
  ASSERT_EQ(read("{\"amount\":0}"), Reading::malformed);
  std::string text = valid;
  text.erase(text.find("\"eventId\":\"e-1\","), 16);
  ASSERT_EQ(read(text), Reading::event) << reader_.reason();
  EXPECT_EQ(event_.event_id, "trace-topic-2-41");
}

TEST_F(OrderEventReaderTest, passes_over_another_type_whatever_its_fields_are) {
  EXPECT_EQ(read(R"({"amount":"none","type":"OrderCancelledEvent"})"), Reading::other_type);
}

TEST_F(OrderEventReaderTest, takes_the_type_of_a_record_without_one_from_the_header) {
  EXPECT_EQ(read(without_type(), "OrderCreatedEvent"), Reading::event);
  EXPECT_EQ(read(without_type(), "com.acme.orders.OrderCreatedEvent"), Reading::event);
  EXPECT_EQ(read(without_type(), "com.acme.Events$OrderCreatedEvent"), Reading::event);
  EXPECT_EQ(read(without_type(), "com.acme.OrderCancelledEvent"), Reading::other_type);
  EXPECT_EQ(read(without_type(), "com.acme.NotAnOrderCreatedEvent"), Reading::other_type);
}

TEST_F(OrderEventReaderTest, believes_the_field_more_than_the_header) {
  EXPECT_EQ(read(valid, "com.acme.OrderCancelledEvent"), Reading::event);
}

TEST_F(OrderEventReaderTest, refuses_an_event_that_nothing_gives_a_type) {
  EXPECT_EQ(read(without_type()), Reading::malformed);
  EXPECT_EQ(reader_.reason(), "type: is missing, and so is the header __TypeId__");
}

TEST_F(OrderEventReaderTest, refuses_a_tombstone) {
  EXPECT_EQ(read(std::nullopt), Reading::malformed);
  EXPECT_EQ(reader_.reason(), "value: is null (a tombstone), not an event");
}

TEST_F(OrderEventReaderTest, leaves_what_it_cannot_read_to_others_where_the_header_says_so) {
  EXPECT_EQ(read(std::nullopt, "OrderCancelledEvent"), Reading::other_type);
  EXPECT_EQ(read("\x01\x02", "OrderCancelledEvent"), Reading::other_type);
  EXPECT_EQ(read("\x01\x02", "OrderCreatedEvent"), Reading::malformed);
}

TEST_F(OrderEventReaderTest, refuses_a_value_above_its_limit_unread) {
  std::string text = valid;
  text.append(OrderEventReader::max_bytes - text.size(), ' ');
  EXPECT_EQ(read(text), Reading::event) << reader_.reason();
  text += ' ';
  EXPECT_EQ(read(text), Reading::malformed);
  EXPECT_EQ(reader_.reason(), "value: must be at most 1048576 bytes, got 1048577");
}

TEST_F(OrderEventReaderTest, never_quotes_a_text_of_the_event) {
  std::string text = valid;
  read(text.replace(text.find("PAID"), 4, "mina.kim@example.com"));
  EXPECT_EQ(reader_.reason().find("mina"), std::string::npos) << reader_.reason();
}

// Every cut of a valid event: none may be taken, none may crash (run under sanitizers as well).
TEST_F(OrderEventReaderTest, refuses_every_prefix_of_an_event) {
  for (std::size_t size = 0; size < valid.size(); ++size) {
    EXPECT_EQ(read(valid.substr(0, size)), Reading::malformed) << size;
  }
}

TEST_F(OrderEventReaderTest, survives_every_single_byte_replaced) {
  for (std::size_t at = 0; at < valid.size(); ++at) {
    for (const char byte : {'\0', '"', '{', '}', ',', '9', '\\', '\xff'}) {
      std::string text = valid;
      text[at] = byte;
      if (read(text) == Reading::malformed) {
        EXPECT_FALSE(reader_.reason().empty()) << text;
      }
    }
  }
}

}  // namespace
}  // namespace orders
