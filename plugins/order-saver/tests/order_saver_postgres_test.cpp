// Into a real PostgreSQL, by the migration that the library itself carries.
#include <gtest/gtest.h>

#include <algorithm>
#include <gantry/testing.hpp>
#include <thread>

#include "order_event.hpp"
#include "support/postgres.hpp"

namespace orders {
namespace {

using gantry::test::Database;
using gantry::test::Postgres;
using gantry::testing::FakeHost;
using gantry::testing::Input;
using gantry::testing::message;
using testing::order_event;

class OrderSaverPostgresTest : public ::testing::Test {
 protected:
  OrderSaverPostgresTest() {
    migrate();
    host_.set("database", database_.dsn());
  }
  void migrate() {
    const gantry_handler_type& type = host_.type();
    for (std::size_t i = 0; i < type.migration_count; ++i) {
      database_.execute(type.migrations[i]->sql);
    }
  }

  Database database_ = Postgres::shared().create_database();
  FakeHost host_{gantry_plugin_v1, "order-saver"};
};

TEST_F(OrderSaverPostgresTest, saves_every_field) {
  ASSERT_TRUE(host_.deliver(message(order_event("e-1", 41))).is_ok());
  EXPECT_EQ(database_.value<std::string>(
                "SELECT concat_ws(' ', event_id, order_id, type, user_id, amount, currency, "
                "status, occurred_at AT TIME ZONE 'UTC', saved_at IS NOT NULL) FROM saved_orders"),
            "e-1 41 OrderCreatedEvent 7 12000 KRW PAID 2026-11-23 00:00:00.25 t");
}

TEST_F(OrderSaverPostgresTest, saves_texts_that_copy_would_read_otherwise) {
  const std::string event_id = R"(a\\tb\\N'"{},$1)";  // in JSON; the text has single backslashes
  std::string escaped = event_id;
  escaped.replace(escaped.find('"'), 1, "\\\"");
  ASSERT_TRUE(host_.deliver(message(order_event(escaped, 1))).is_ok());
  EXPECT_EQ(database_.value<std::string>("SELECT event_id FROM saved_orders"), R"(a\tb\N'"{},$1)");
  ASSERT_TRUE(host_.deliver(message(order_event(escaped, 1))).is_ok());  // by INSERT this time
  EXPECT_EQ(database_.count("saved_orders"), 1);
}

TEST_F(OrderSaverPostgresTest, saves_a_batch_at_once) {
  std::vector<Input> batch;
  for (int i = 1; i <= 10000; ++i) {
    batch.push_back(message(order_event("e-" + std::to_string(i), i)).key(std::to_string(i % 10)));
  }
  for (const auto& result : host_.deliver(batch)) ASSERT_TRUE(result.is_ok()) << result.reason;
  EXPECT_EQ(database_.count("saved_orders"), 10000);
  EXPECT_EQ(database_.value<int>("SELECT count(DISTINCT xmin::text) FROM saved_orders"), 1);
}

TEST_F(OrderSaverPostgresTest, saves_each_order_once_however_often_it_comes) {
  for (int times = 0; times < 3; ++times) {
    for (const auto& result :
         host_.deliver({message(order_event("e-1", 1)), message(order_event("e-2", 2))})) {
      EXPECT_TRUE(result.is_ok()) << result.reason;
    }
  }
  EXPECT_EQ(database_.count("saved_orders"), 2);
  EXPECT_EQ(host_.metric("orders_saved_total"), 2);
  EXPECT_EQ(host_.metric("orders_duplicate_total"), 4);
}

TEST_F(OrderSaverPostgresTest, saves_what_is_new_beside_a_duplicate) {
  ASSERT_TRUE(host_.deliver(message(order_event("e-1", 1))).is_ok());
  for (const auto& result :
       host_.deliver({message(order_event("e-2", 2)), message(order_event("e-1", 1)),
                      message(order_event("e-3", 3)), message(order_event("e-3", 3))})) {
    EXPECT_TRUE(result.is_ok()) << result.reason;
  }
  EXPECT_EQ(database_.count("saved_orders"), 3);
}

TEST_F(OrderSaverPostgresTest, saves_one_order_once_under_two_event_ids) {
  ASSERT_TRUE(host_.deliver(message(order_event("e-1", 1))).is_ok());
  EXPECT_TRUE(host_.deliver(message(order_event("e-2", 1))).is_ok());
  EXPECT_EQ(database_.value<std::string>("SELECT event_id FROM saved_orders"), "e-1");
}

TEST_F(OrderSaverPostgresTest, gives_an_event_without_id_its_place_in_kafka) {
  std::string event = order_event("x", 1);
  event.replace(event.find("\"x\""), 3, "null");
  ASSERT_TRUE(host_.deliver(message(event).topic("trace-topic").partition(2).offset(41)).is_ok());
  EXPECT_EQ(database_.value<std::string>("SELECT event_id FROM saved_orders"), "trace-topic-2-41");
}

TEST_F(OrderSaverPostgresTest, saves_the_neighbours_of_a_malformed_event) {
  const auto results = host_.deliver({message(order_event("e-1", 1)).key("1"),
                                      message(R"({"amount":12.5})").key("2"),
                                      message(order_event("e-3", 3)).key("3")});
  EXPECT_TRUE(results[0].is_ok());
  EXPECT_TRUE(results[1].is_reject());
  EXPECT_TRUE(results[2].is_ok());
  EXPECT_EQ(database_.count("saved_orders"), 2);
}

TEST_F(OrderSaverPostgresTest, waits_for_a_migration_that_is_not_applied) {
  database_.execute("DROP TABLE saved_orders");
  const auto result = host_.deliver(message(order_event("e-1", 1)));
  EXPECT_TRUE(result.is_unavailable());
  EXPECT_EQ(result.error_class, "sqlstate.42P01");
  migrate();
  EXPECT_TRUE(host_.deliver(message(order_event("e-1", 1))).is_ok());
}

TEST_F(OrderSaverPostgresTest, rejects_what_a_constraint_refuses_without_quoting_the_row) {
  database_.execute("ALTER TABLE saved_orders ADD CONSTRAINT small CHECK (amount < 500)");
  const auto result = host_.deliver(message(order_event("e-1", 1)));
  EXPECT_TRUE(result.is_reject());
  EXPECT_EQ(result.reason, "database: SQLSTATE 23514, constraint small");
  EXPECT_EQ(result.error_class, "sqlstate.23514");
}

TEST_F(OrderSaverPostgresTest, leaves_nothing_of_a_batch_that_failed) {
  database_.execute("ALTER TABLE saved_orders ADD CONSTRAINT small CHECK (amount < 500)");
  for (const auto& result : host_.deliver(
           {message(order_event("e-1", 1, 7, 100)), message(order_event("e-2", 2, 7, 900))})) {
    EXPECT_TRUE(result.is_reject());
  }
  EXPECT_EQ(database_.count("saved_orders"), 0);
}

TEST_F(OrderSaverPostgresTest, does_not_lock_lanes_out_that_meet_the_same_orders) {
  host_.start(2);
  const int orders = 2000;
  std::vector<Input> forward, backward;
  for (int i = 1; i <= orders; ++i) {
    forward.push_back(message(order_event("e-" + std::to_string(i), i)));
    backward.push_back(forward.back());
  }
  std::reverse(backward.begin(), backward.end());
  for (std::size_t lane : {0u, 1u}) {  // from here on both expect duplicates
    host_.deliver(message(order_event("e-1", 1)), lane);
    host_.deliver(message(order_event("e-1", 1)), lane);
  }
  std::vector<gantry::testing::Result> other;
  std::thread second([&] { other = host_.deliver(backward, 1); });
  const auto results = host_.deliver(forward, 0);
  second.join();
  for (const auto& result : results) EXPECT_TRUE(result.is_ok()) << result.reason;
  for (const auto& result : other) EXPECT_TRUE(result.is_ok()) << result.reason;
  EXPECT_EQ(database_.count("saved_orders"), orders);
}

}  // namespace
}  // namespace orders
