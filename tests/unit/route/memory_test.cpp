// What a route holds in memory: bounded by partition, in copies where it is held for long.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/route/engine.hpp"

namespace gantry::route {
namespace {

using std::chrono::seconds;

// They share little memory.
struct TwoPartitions : Engine {
  TwoPartitions() : Engine(kOneByOne, small_route()) {
    assign(0);
    assign(1);
  }
  static config::Route small_route() {
    config::Route route = make_route();
    route.parked_max_bytes = 200'000;
    return route;
  }
};

TEST(Memory, a_parked_key_holds_no_fetched_messages) {
  Engine engine;
  engine.assign();
  engine.offer({"a", "a", "b"});
  engine.settle(engine.take(1), GANTRY_RETRY);
  EXPECT_EQ(engine.records.held(), 1u) << "only that of b";
  engine.offer({"a"});
  EXPECT_EQ(engine.records.held(), 1u);
}

TEST(Memory, a_copy_is_the_record_byte_for_byte) {
  Engine engine;
  engine.assign();
  engine.offer_one(0, 0, "the key", 100);
  engine.settle(engine.take(), GANTRY_RETRY);
  engine.pass(seconds{1});
  const gantry_message& message = engine.take()->deliveries[0]->message;
  EXPECT_EQ(std::string(reinterpret_cast<const char*>(message.key.data), message.key.size),
            "the key");
  EXPECT_EQ(std::string(reinterpret_cast<const char*>(message.value.data), message.value.size),
            std::string(100, 'v'));
  ASSERT_EQ(message.header_count, 1u);
  EXPECT_EQ(std::string(message.headers[0].name.data, message.headers[0].name.size), "header");
  EXPECT_EQ(message.headers[0].value.size, 7u);
}

TEST(Memory, a_copy_keeps_null_apart_from_empty) {
  Engine engine;
  engine.assign();
  engine.offer_one(0, 0, std::nullopt, 0);
  engine.settle(engine.take(), GANTRY_RETRY);
  engine.pass(seconds{1});
  const gantry_message& message = engine.take()->deliveries[0]->message;
  EXPECT_EQ(message.key.data, nullptr);
  EXPECT_NE(message.value.data, nullptr);
  EXPECT_EQ(message.value.size, 0u);
}

TEST(Memory, parked_bytes_stop_that_partition_and_no_other) {
  TwoPartitions engine;
  engine.offer({"a"}, 0);
  engine.settle(engine.take(), GANTRY_RETRY);
  std::int64_t offset = 1;
  while (engine.wants(0) && offset < 10'000) engine.offer_one(0, offset++, "a", 1000);
  EXPECT_FALSE(engine.wants(0));
  EXPECT_TRUE(engine.wants(1));
  EXPECT_LE(engine.partitions[0]->copied_bytes, 200'000u) << "its share, and one record more";
  EXPECT_EQ(engine.dispatcher.status().full_partitions, 1u);
  engine.pass(seconds{1});
  engine.handle_all();
  EXPECT_TRUE(engine.wants(0));
  EXPECT_EQ(engine.partitions[0]->copied_bytes, 0u);
}

TEST(Memory, what_waits_for_a_dead_letter_of_its_key_stops_that_partition) {
  TwoPartitions engine;
  engine.offer({"a"});
  engine.settle(engine.take(), GANTRY_REJECT);  // on its way, and the key goes on
  std::int64_t offset = 1;
  while (engine.wants(0) && offset < 10'000) {
    engine.offer_one(0, offset++, "a");
    engine.handle_all();
  }
  EXPECT_FALSE(engine.wants(0)) << "all that is settled behind it is kept, without a bound";
  EXPECT_TRUE(engine.wants(1));
  EXPECT_EQ(engine.dispatcher.status().full_partitions, 1u);
  EXPECT_EQ(engine.commit(), -1) << "the dead letter is not acknowledged";
  engine.acknowledge();
  EXPECT_TRUE(engine.wants(0));
  EXPECT_EQ(engine.partitions[0]->settle_order.bytes(), 0u);
  EXPECT_EQ(engine.commit(), offset);
}

TEST(Memory, offsets_that_jump_in_a_long_window_stop_that_partition) {
  TwoPartitions engine;
  engine.offer({"stuck"});
  Claim* stuck = engine.take();
  std::int64_t offset = 0;
  for (int i = 0; engine.wants(0) && i < 100'000; ++i) {
    engine.offer_one(0, offset += 2, "a");  // a transaction's marker behind each
    engine.handle_all();
  }
  EXPECT_FALSE(engine.wants(0));
  EXPECT_TRUE(engine.wants(1));
  engine.settle(stuck, GANTRY_OK);
  EXPECT_TRUE(engine.wants(0));
  EXPECT_EQ(engine.commit(), offset + 1);
}

TEST(Memory, the_window_stops_that_partition_until_its_oldest_message_is_settled) {
  config::Route route = make_route();
  route.window_max_offsets = 100;
  Engine engine{kOneByOne, route};
  engine.assign(0);
  engine.assign(1);
  engine.offer({"stuck"});
  Claim* stuck = engine.take();
  for (int i = 1; i < 100; ++i) {
    EXPECT_TRUE(engine.wants(0));
    engine.offer({"a"});
    engine.handle_all();
  }
  EXPECT_FALSE(engine.wants(0));
  EXPECT_TRUE(engine.wants(1));
  engine.settle(stuck, GANTRY_OK);
  EXPECT_TRUE(engine.wants(0));
  EXPECT_EQ(engine.commit(), 100);
}

TEST(Memory, messages_that_stay_long_are_copied) {
  Engine engine;
  engine.assign();
  engine.offer({"hot"});
  Claim* slow = engine.take();
  for (int i = 0; i < 20'000; ++i) engine.offer({"hot"});  // behind a slow first message
  EXPECT_LE(engine.records.held(), 8193u);
  engine.settle(slow, GANTRY_OK);
}

TEST(Memory, large_messages_that_stay_are_copied_earlier) {
  Engine engine;
  engine.assign();
  engine.offer({"hot"});
  engine.take();
  for (int i = 1; i <= 40; ++i) engine.offer_one(0, i, "hot", 100'000);
  EXPECT_LE(engine.partitions[0]->held_bytes, 2u * 1024 * 1024 + 1000);
}

TEST(Memory, ready_messages_stop_the_source_at_a_high_water_mark) {
  Engine engine;
  engine.assign();
  int offered = 0;
  while (engine.wants() && offered < 100'000) {
    engine.offer({std::nullopt});
    ++offered;
  }
  EXPECT_LE(offered, 16'384);
  engine.handle_all();
  EXPECT_TRUE(engine.dispatcher.has_room());
}

TEST(Memory, order_by_partition_stops_the_source_as_well) {
  config::Route route = make_route();
  route.order = config::Order::partition;
  Engine engine{kOneByOne, route};
  engine.assign(0);
  engine.assign(1);
  int offered = 0;
  while (engine.wants(0) && offered < 100'000) {
    engine.offer({"a"});
    ++offered;
  }
  EXPECT_LE(offered, 16'384);
  EXPECT_TRUE(engine.wants(1));
}

TEST(Memory, a_discarded_delivery_is_given_back) {
  Engine engine;
  engine.assign();
  Delivery* unused = engine.dispatcher.acquire();
  engine.records.fill(*unused, "trace-topic", 0, 0, "a");
  Effects effects;
  engine.dispatcher.discard(unused, effects);
  engine.apply(std::move(effects));
  EXPECT_EQ(engine.records.held(), 0u);
}

}  // namespace
}  // namespace gantry::route
