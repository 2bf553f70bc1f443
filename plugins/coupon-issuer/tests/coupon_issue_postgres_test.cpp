// Coupons in a real PostgreSQL, from the events that coupon-request wrote.
#include <gtest/gtest.h>

#include <algorithm>
#include <thread>

#include "coupon_fixture.hpp"

namespace coupons::testing {
namespace {

class CouponIssuePostgresTest : public CouponFixture {
 protected:
  CouponIssuePostgresTest() {
    configure(host_);
    configure(requests_);
  }
  void ask(std::int64_t coupon_id, int users) {
    std::vector<Input> batch;
    for (int user = 1; user <= users; ++user) batch.push_back(record(coupon_id, user));
    for (const auto& result : requests_.deliver(batch)) ASSERT_TRUE(result.is_ok());
  }
  FakeHost requests_{gantry_plugin_v1, "coupon-request"};
  FakeHost host_{gantry_plugin_v1, "coupon-issue"};
};

TEST_F(CouponIssuePostgresTest, creates_the_coupon_of_each_event) {
  add_type(3, 100);
  ask(3, 50);
  for (const auto& result : host_.deliver(outbox())) ASSERT_TRUE(result.is_ok()) << result.reason;
  EXPECT_EQ(database_.value<int>("SELECT count(*) FROM coupons WHERE status = 'ISSUED' "
                                 "AND expires_at IS NULL AND issued_at IS NOT NULL"),
            50);
  EXPECT_EQ(host_.metric("coupons_created_total"), 50);
}

TEST_F(CouponIssuePostgresTest, creates_each_once_however_often_its_event_comes) {
  add_type(3, 2);
  ask(3, 2);
  std::vector<Input> twice = outbox();
  twice.push_back(twice[0]);
  for (const auto& result : host_.deliver(twice)) EXPECT_TRUE(result.is_ok()) << result.reason;
  for (const auto& result : host_.deliver(twice)) EXPECT_TRUE(result.is_ok()) << result.reason;
  EXPECT_EQ(database_.count("coupons"), 2);
  EXPECT_EQ(host_.metric("coupons_created_total"), 2);
  EXPECT_EQ(host_.metric("coupons_duplicate_total"), 4);
}

TEST_F(CouponIssuePostgresTest, lets_a_coupon_expire_with_its_type) {
  add_type(3, 1);
  database_.execute("UPDATE coupon_types SET valid_until = '2099-01-01T00:00:00Z'");
  ask(3, 1);
  ASSERT_TRUE(host_.deliver(outbox())[0].is_ok());
  EXPECT_TRUE(database_.value<bool>("SELECT expires_at = '2099-01-01T00:00:00Z' FROM coupons"));
}

TEST_F(CouponIssuePostgresTest, rejects_an_event_that_nobody_asked_for) {
  add_type(3, 1);
  const auto forged = message(R"({"type":"CouponIssueEvent","couponId":3,"userId":7})");
  const auto result = host_.deliver(forged);
  EXPECT_TRUE(result.is_reject());
  EXPECT_EQ(result.error_class, "sqlstate.23503");
  EXPECT_TRUE(
      host_.deliver(message(R"({"type":"CouponIssueEvent","couponId":9,"userId":7})")).is_reject());
  EXPECT_EQ(database_.count("coupons"), 0);
}

TEST_F(CouponIssuePostgresTest, creates_the_neighbours_of_a_malformed_event) {
  add_type(3, 2);
  ask(3, 2);
  std::vector<Input> batch = outbox();
  batch.insert(batch.begin() + 1, message("{"));
  const auto results = host_.deliver(batch);
  EXPECT_TRUE(results[0].is_ok());
  EXPECT_TRUE(results[1].is_reject());
  EXPECT_TRUE(results[2].is_ok());
  EXPECT_EQ(database_.count("coupons"), 2);
}

TEST_F(CouponIssuePostgresTest, does_not_lock_lanes_out_that_meet_the_same_events) {
  add_type(3, 1000);
  ask(3, 1000);
  const std::vector<Input> forward = outbox();
  std::vector<Input> backward = forward;
  std::reverse(backward.begin(), backward.end());
  host_.start(2);
  std::vector<gantry::testing::Result> other;
  std::thread second([&] { other = host_.deliver(backward, 1); });
  const auto results = host_.deliver(forward, 0);
  second.join();
  for (const auto& result : results) EXPECT_TRUE(result.is_ok()) << result.reason;
  for (const auto& result : other) EXPECT_TRUE(result.is_ok()) << result.reason;
  EXPECT_EQ(database_.count("coupons"), 1000);
}

}  // namespace
}  // namespace coupons::testing
