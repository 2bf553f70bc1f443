// What the tests of the handler `payment` share: a database with its tables, orders and requests.
// One thread.
#pragma once

#include <gtest/gtest.h>

#include <gantry/testing.hpp>
#include <optional>
#include <string>

#include "gantry_outbox_migrations.hpp"
#include "support/postgres.hpp"

namespace payments::testing {

using gantry::test::Database;
using gantry::test::Postgres;
using gantry::testing::FakeHost;
using gantry::testing::Input;
using gantry::testing::message;

inline Input request(std::int64_t order_id, int user_id = 7, int amount = 12000,
                     const std::string& currency = "KRW") {
  return message("{\"orderId\":" + std::to_string(order_id) +
                 ",\"userId\":" + std::to_string(user_id) +
                 ",\"amount\":" + std::to_string(amount) + ",\"currency\":\"" + currency + "\"}")
      .key(std::nullopt)
      .http("POST", "/payments");
}

class PaymentFixture : public ::testing::Test {
 protected:
  PaymentFixture() {
    migrate();
    configure(host_);
  }
  void configure(FakeHost& host) const { host.set("database", database_.dsn()).as_http_route(); }
  void migrate() {
    database_.execute(gantry::migrations::gantry_outbox[0].sql);
    database_.execute(host_.type().migrations[0]->sql);
  }
  void add_order(std::int64_t order_id, const std::string& status = "PENDING") {
    database_.execute("INSERT INTO orders (order_id, user_id, amount, currency, status) VALUES (" +
                      std::to_string(order_id) + ", 7, 12000, 'KRW', '" + status + "')");
  }
  int status(const Input& input) { return reply(input).status; }
  gantry::testing::Reply reply(const Input& input) {
    const auto result = host_.deliver(input);
    EXPECT_TRUE(result.is_ok()) << result.reason;
    return host_.reply(result.slot).value_or(gantry::testing::Reply{0, "", "", {}});
  }
  std::string order_status(std::int64_t order_id) {
    return database_.value<std::string>("SELECT status FROM orders WHERE order_id = " +
                                        std::to_string(order_id));
  }

  Database database_ = Postgres::shared().create_database();
  FakeHost host_{gantry_plugin_v1, "payment"};
};

}  // namespace payments::testing
