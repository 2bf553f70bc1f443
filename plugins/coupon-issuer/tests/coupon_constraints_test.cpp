// By constraint and not by lock alone: what the tables refuse, whatever a handler does.
#include <gtest/gtest.h>

#include "coupon_fixture.hpp"

namespace coupons::testing {
namespace {

class CouponConstraintsTest : public CouponFixture {
 protected:
  CouponConstraintsTest() {
    add_type(1, 2);
    database_.execute(
        "INSERT INTO coupon_requests (coupon_id, user_id, number, stock) VALUES "
        "(1, 7, 1, 2)");
  }
  // SQLSTATE; empty: it was taken.
  std::string refusal(const std::string& sql) {
    try {
      database_.execute(sql);
      return "";
    } catch (const pqxx::sql_error& error) {
      return error.sqlstate();
    }
  }
  std::string request(const std::string& values) {
    return refusal("INSERT INTO coupon_requests (coupon_id, user_id, number, stock) VALUES (" +
                   values + ")");
  }
};
constexpr const char* check = "23514";
constexpr const char* unique = "23505";
constexpr const char* foreign_key = "23503";

TEST_F(CouponConstraintsTest, keep_what_remains_between_nothing_and_the_stock) {
  EXPECT_EQ(refusal("UPDATE coupon_types SET remaining = -1"), check);
  EXPECT_EQ(refusal("UPDATE coupon_types SET remaining = 3"), check);
}

TEST_F(CouponConstraintsTest, give_no_number_twice) { EXPECT_EQ(request("1, 8, 1, 2"), unique); }

TEST_F(CouponConstraintsTest, give_no_user_two) { EXPECT_EQ(request("1, 7, 2, 2"), unique); }

TEST_F(CouponConstraintsTest, give_no_number_above_the_stock) {
  EXPECT_EQ(request("1, 8, 3, 2"), check);
  EXPECT_EQ(request("1, 8, 3, 3"), foreign_key);
  EXPECT_EQ(request("1, 8, 0, 2"), check);
}

TEST_F(CouponConstraintsTest, do_not_let_the_stock_fall_below_what_was_given) {
  EXPECT_EQ(refusal("UPDATE coupon_types SET stock = 0, remaining = 0"), check);
  EXPECT_EQ(refusal("UPDATE coupon_types SET stock = 1, remaining = 0"), "");
}

TEST_F(CouponConstraintsTest, let_the_stock_grow) {
  EXPECT_EQ(refusal("UPDATE coupon_types SET stock = 5, remaining = 4"), "");
  EXPECT_EQ(request("1, 8, 3, 5"), "");
}

TEST_F(CouponConstraintsTest, create_no_coupon_without_a_request_and_no_second_one) {
  EXPECT_EQ(refusal("INSERT INTO coupons (coupon_id, user_id) VALUES (1, 8)"), foreign_key);
  EXPECT_EQ(refusal("INSERT INTO coupons (coupon_id, user_id) VALUES (1, 7)"), "");
  EXPECT_EQ(refusal("INSERT INTO coupons (coupon_id, user_id) VALUES (1, 7)"), unique);
}

TEST_F(CouponConstraintsTest, have_defaults_for_all_but_id_name_stock_and_remaining) {
  EXPECT_EQ(database_.value<std::string>("SELECT concat_ws(' ', valid_from, valid_until, status) "
                                         "FROM coupon_types"),
            "-infinity infinity ACTIVE");
}

}  // namespace
}  // namespace coupons::testing
