// What the tests of coupon-issuer on a real PostgreSQL share: a database with its tables, types,
// requests and events. One thread.
#pragma once

#include <gtest/gtest.h>

#include <gantry/testing.hpp>
#include <optional>
#include <string>
#include <vector>

#include "gantry_outbox_migrations.hpp"
#include "support/postgres.hpp"

namespace coupons::testing {

using gantry::test::Database;
using gantry::test::Postgres;
using gantry::testing::FakeHost;
using gantry::testing::Input;
using gantry::testing::message;
using gantry::testing::Reply;

inline Input http_request(std::int64_t coupon_id, std::int64_t user_id) {
  return message("{\"userId\":" + std::to_string(user_id) + "}")
      .key(std::nullopt)
      .http("POST", "/coupons/" + std::to_string(coupon_id) + "/requests")
      .header(":couponId", std::to_string(coupon_id));
}

inline Input record(std::int64_t coupon_id, std::int64_t user_id) {
  return message("{\"couponId\":" + std::to_string(coupon_id) +
                 ",\"userId\":" + std::to_string(user_id) + "}")
      .key(std::to_string(user_id));
}

class CouponFixture : public ::testing::Test {
 protected:
  CouponFixture() {
    database_.execute(gantry::migrations::gantry_outbox[0].sql);
    const FakeHost any(gantry_plugin_v1, "coupon-issue");
    database_.execute(any.type().migrations[0]->sql);
  }
  void add_type(std::int64_t coupon_id, std::int64_t stock) {
    const std::string n = std::to_string(stock);
    database_.execute("INSERT INTO coupon_types (coupon_id, name, stock, remaining) VALUES (" +
                      std::to_string(coupon_id) + ", 'spring', " + n + ", " + n + ")");
  }
  void configure(FakeHost& host) const { host.set("database", database_.dsn()); }
  std::int64_t remaining(std::int64_t coupon_id) {
    return database_.value<std::int64_t>("SELECT remaining FROM coupon_types WHERE coupon_id = " +
                                         std::to_string(coupon_id));
  }
  // The records that a relay would publish, as the next handler gets them.
  std::vector<Input> outbox() {
    std::vector<Input> all;
    for (const auto& row :
         database_.execute("SELECT convert_from(value, 'UTF8'), encode(key, 'hex') "
                           "FROM gantry_outbox ORDER BY id")) {
      all.push_back(message(row[0].as<std::string>()).key(row[1].as<std::string>()));
    }
    return all;
  }

  Database database_ = Postgres::shared().create_database();
};

}  // namespace coupons::testing
