// Dead letters that come back: what their headers tell, and what a handler sees of them.
#include "route/message/replayed.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <list>
#include <string>
#include <vector>

#include "unit/route/engine.hpp"

namespace gantry::route {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

// Headers with their bytes.
class Written {
 public:
  Written& add(const std::string& name, const std::string& value) {
    bytes_.push_back(name);
    const gantry_str as_name{bytes_.back().data(), bytes_.back().size()};
    bytes_.push_back(value);
    headers_.push_back(
        {as_name,
         {reinterpret_cast<const std::uint8_t*>(bytes_.back().data()), bytes_.back().size()}});
    return *this;
  }
  Written& gantry(const std::string& topic, int partition, int offset) {
    return add("gantry.original-topic", topic)
        .add("gantry.original-partition", std::to_string(partition))
        .add("gantry.original-offset", std::to_string(offset))
        .add("gantry.original-timestamp", "1700000000123");
  }
  Written& spring(const std::string& topic, char partition, char offset) {
    return add("kafka_dlt-original-topic", topic)
        .add("kafka_dlt-original-partition", std::string("\0\0\0", 3) + partition)
        .add("kafka_dlt-original-offset", std::string(7, '\0') + offset)
        .add("kafka_dlt-original-timestamp", std::string("\0\0\0\0\0\0\1\0", 8))
        .add("kafka_dlt-original-timestamp-type", "LogAppendTime");
  }
  const std::vector<gantry_header>& headers() const { return headers_; }

 private:
  std::list<std::string> bytes_;
  std::vector<gantry_header> headers_;
};

TEST(Origin, is_told_by_the_headers_of_a_host) {
  Written letter;
  letter.add("own", "1").gantry("orders", 2, 41);
  const auto origin = origin_of(letter.headers());
  ASSERT_TRUE(origin);
  EXPECT_EQ(origin->topic, "orders");
  EXPECT_EQ(origin->partition, 2);
  EXPECT_EQ(origin->offset, 41);
  EXPECT_EQ(origin->timestamp_ms, 1700000000123);
  EXPECT_EQ(origin->family, config::HeaderFamily::gantry);
  EXPECT_EQ(origin->header, 1u);
}

TEST(Origin, is_told_by_the_binary_headers_of_spring) {
  Written letter;
  letter.spring("orders", 2, 41);
  const auto origin = origin_of(letter.headers());
  ASSERT_TRUE(origin);
  EXPECT_EQ(origin->topic, "orders");
  EXPECT_EQ(origin->partition, 2);
  EXPECT_EQ(origin->offset, 41);
  EXPECT_EQ(origin->timestamp_ms, 256);
  EXPECT_EQ(origin->timestamp_type, TimestampType::log_append_time);
  EXPECT_EQ(origin->family, config::HeaderFamily::spring);
}

TEST(Origin, is_told_by_the_headers_of_connect_but_for_the_time) {
  Written letter;
  letter.add("__connect.errors.topic", "orders")
      .add("__connect.errors.partition", "0")
      .add("__connect.errors.offset", "7");
  const auto origin = origin_of(letter.headers());
  ASSERT_TRUE(origin);
  EXPECT_EQ(origin->offset, 7);
  EXPECT_EQ(origin->timestamp_ms, -1);
}

TEST(Origin, of_two_families_that_agree_is_told_by_the_hosts) {
  Written letter;
  letter.gantry("orders", 2, 41).spring("orders", 2, 41);
  EXPECT_EQ(origin_of(letter.headers())->family, config::HeaderFamily::gantry);
}

TEST(Origin, of_a_letter_of_a_letter_is_told_by_what_was_written_last) {
  Written by_a_spring_service;
  by_a_spring_service.gantry("orders", 2, 41).spring("DLQ-topic", 1, 5);
  EXPECT_EQ(origin_of(by_a_spring_service.headers())->topic, "DLQ-topic");
  Written by_a_host;
  by_a_host.spring("orders", 2, 41).gantry("DLQ-topic", 1, 5);
  EXPECT_EQ(origin_of(by_a_host.headers())->topic, "DLQ-topic");
}

TEST(Origin, is_not_told_by_half_of_a_family_nor_by_nonsense) {
  EXPECT_FALSE(origin_of({}));
  Written half;
  half.add("gantry.original-topic", "orders").add("gantry.original-partition", "2");
  EXPECT_FALSE(origin_of(half.headers()));
  Written nonsense;
  nonsense.add("gantry.original-topic", "orders")
      .add("gantry.original-partition", "two")
      .add("gantry.original-offset", "41");
  EXPECT_FALSE(origin_of(nonsense.headers()));
  Written short_number;
  short_number.add("kafka_dlt-original-topic", "orders")
      .add("kafka_dlt-original-partition", "1")
      .add("kafka_dlt-original-offset", "41");
  EXPECT_FALSE(origin_of(short_number.headers()));
}

// ---- through the engine

class Replayed : public testing::Test {
 protected:
  Replayed() { partition = engine.dispatcher.assign(replay_topic(engine.route.name), 0); }
  ~Replayed() override {
    Effects effects;
    engine.dispatcher.revoke_all(effects);
    engine.apply(std::move(effects));
  }
  // The next record of the replay topic.
  void offer(const Written& letter, std::int64_t offset = 900) {
    Delivery* delivery = engine.dispatcher.acquire();
    engine.records.fill(*delivery, replay_topic(engine.route.name), 0, offset, "key");
    delivery->headers = letter.headers();
    delivery->message.headers = delivery->headers.data();
    delivery->message.header_count = delivery->headers.size();
    for (const gantry_header& header : delivery->headers)
      delivery->bytes += static_cast<std::uint32_t>(header.name.size + header.value.size);
    Effects effects;
    engine.dispatcher.offer(partition, {&delivery, 1}, effects);
    engine.apply(std::move(effects));
  }
  static std::string topic_of(const gantry_message& message) {
    return {message.topic.data, message.topic.size};
  }

  Engine engine;
  Partition* partition;
};

TEST_F(Replayed, a_record_is_to_its_handler_what_it_was) {
  Written letter;
  letter.gantry("orders", 2, 41);
  offer(letter);
  Claim* claim = engine.take();
  ASSERT_NE(claim, nullptr);
  const gantry_message& message = claim->deliveries[0]->message;
  EXPECT_EQ(topic_of(message), "orders");
  EXPECT_EQ(message.partition, 2);
  EXPECT_EQ(message.offset, 41);
  EXPECT_EQ(message.timestamp_ms, 1700000000123);
  engine.settle(claim, GANTRY_OK);
}

TEST_F(Replayed, a_record_moves_the_offset_of_the_topic_it_came_through) {
  Written letter;
  letter.gantry("orders", 2, 41);
  offer(letter, 900);
  engine.handle_all();
  const auto offsets = engine.dispatcher.committable();
  ASSERT_THAT(offsets, SizeIs(1));
  EXPECT_EQ(offsets[0].topic, replay_topic(engine.route.name));
  EXPECT_EQ(offsets[0].offset, 901);
}

TEST_F(Replayed, a_record_that_waits_for_its_retry_keeps_what_it_was_in_memory_of_its_own) {
  {
    Written letter;
    letter.gantry("orders", 2, 41);
    offer(letter);
    engine.settle(engine.take(), GANTRY_RETRY);
  }  // the client's memory is gone
  EXPECT_EQ(engine.records.held(), 0u);
  engine.pass(std::chrono::seconds(1));
  Claim* claim = engine.take();
  ASSERT_NE(claim, nullptr);
  EXPECT_EQ(topic_of(claim->deliveries[0]->message), "orders");
  engine.settle(claim, GANTRY_OK);
}

TEST_F(Replayed, a_record_becomes_a_dead_letter_of_the_same_original) {
  Written letter;
  letter.gantry("orders", 2, 41);
  offer(letter);
  engine.settle(engine.take(), GANTRY_REJECT);
  ASSERT_THAT(engine.letters, SizeIs(1));
  EXPECT_EQ(topic_of(engine.letters[0].delivery->message), "orders");
  EXPECT_EQ(engine.letters[0].delivery->message.offset, 41);
  engine.acknowledge();
}

TEST_F(Replayed, a_record_is_noted_for_a_crash_where_it_will_be_read_again) {
  Written letter;
  letter.gantry("orders", 2, 41);
  offer(letter, 900);
  Claim* claim = engine.take();
  ASSERT_NE(claim, nullptr);
  const journal::Record noted = record_of(*claim->deliveries[0]);
  EXPECT_EQ(noted.offset, 900);
  EXPECT_EQ(noted.partition, 0);
  engine.settle(claim, GANTRY_OK);
}

TEST_F(Replayed, a_record_that_crashed_the_process_too_often_is_a_dead_letter) {
  partition = engine.dispatcher.assign(
      replay_topic(engine.route.name), 0,
      {.suspects = {{.offset = 900, .timestamp_ms = 1700000000123, .crashes = 3, .number = 7}}});
  Written letter;
  letter.gantry("orders", 2, 41);
  offer(letter, 900);
  ASSERT_THAT(engine.letters, SizeIs(1));
  EXPECT_EQ(engine.letters[0].cause, DeadLetterCause::crashed);
  EXPECT_EQ(engine.letters[0].delivery->message.offset, 41);
  engine.acknowledge();
}

TEST_F(Replayed, a_record_that_nobody_has_marked_is_delivered_as_it_is) {
  offer(Written().add("own", "1"), 900);
  Claim* claim = engine.take();
  ASSERT_NE(claim, nullptr);
  EXPECT_EQ(topic_of(claim->deliveries[0]->message), replay_topic(engine.route.name));
  EXPECT_EQ(claim->deliveries[0]->message.offset, 900);
  engine.settle(claim, GANTRY_OK);
}

TEST(ReplayTopic, headers_of_a_letter_mean_nothing_in_a_routes_own_topics) {
  Engine engine;
  Partition* partition = engine.assign();
  Delivery* delivery = engine.dispatcher.acquire();
  engine.records.fill(*delivery, "DLQ-topic", 0, 0, "key");
  Written letter;
  letter.gantry("orders", 2, 41);
  delivery->headers = letter.headers();
  Effects effects;
  engine.dispatcher.offer(partition, {&delivery, 1}, effects);
  engine.apply(std::move(effects));
  Claim* claim = engine.take();
  ASSERT_NE(claim, nullptr);
  EXPECT_EQ(claim->deliveries[0]->message.offset, 0);
  engine.settle(claim, GANTRY_OK);
}

}  // namespace
}  // namespace gantry::route
