// A PostgreSQL that goes and comes back under the handler.
#include <gtest/gtest.h>

#include <gantry/testing.hpp>

#include "order_event.hpp"
#include "support/postgres.hpp"

namespace orders {
namespace {

using gantry::test::Postgres;
using gantry::testing::FakeHost;
using gantry::testing::message;
using testing::order_event;

class OrderSaverOutageTest : public ::testing::TestWithParam<Postgres::Shutdown> {};

TEST_P(OrderSaverOutageTest, is_waited_out_and_nothing_is_lost_or_doubled) {
  Postgres server;
  auto database = server.create_database();
  FakeHost host(gantry_plugin_v1, "order-saver");
  host.set("database", database.dsn());
  database.execute(host.type().migrations[0]->sql);
  ASSERT_TRUE(host.deliver(message(order_event("e-1", 1))).is_ok());

  server.stop(GetParam());
  EXPECT_TRUE(host.deliver(message(order_event("e-2", 2))).is_unavailable());
  EXPECT_TRUE(host.deliver(message(order_event("e-2", 2))).is_unavailable());

  server.start();
  EXPECT_TRUE(host.deliver(message(order_event("e-2", 2))).is_ok());
  EXPECT_EQ(database.count("saved_orders"), 2);
}
INSTANTIATE_TEST_SUITE_P(Shutdowns, OrderSaverOutageTest,
                         ::testing::Values(Postgres::Shutdown::fast, Postgres::Shutdown::immediate),
                         [](const auto& test) {
                           return test.param == Postgres::Shutdown::fast ? "fast" : "immediate";
                         });

}  // namespace
}  // namespace orders
