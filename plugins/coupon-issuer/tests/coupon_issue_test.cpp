// What coupon-issue says without a database: none is needed for what it refuses, and none is there
// for the rest.
#include <gtest/gtest.h>

#include <filesystem>
#include <gantry/testing.hpp>

#include "bad_request.hpp"

namespace coupons {
namespace {

using gantry::testing::FakeHost;
using gantry::testing::message;
using payload::testing::bad_requests;
using payload::testing::BadRequest;

constexpr const char* event = R"({"type":"CouponIssueEvent","couponId":1,"userId":7})";

class CouponIssueTest : public ::testing::Test {
 protected:
  CouponIssueTest() { host_.set("database", "host=127.0.0.1 port=1 user=x dbname=x"); }
  FakeHost host_{gantry_plugin_v1, "coupon-issue"};
};

class BadCouponEvent : public CouponIssueTest, public ::testing::WithParamInterface<BadRequest> {};

TEST_P(BadCouponEvent, is_rejected_with_the_reason_of_the_table) {
  const auto result = host_.deliver(message(GetParam().bytes));
  EXPECT_TRUE(result.is_reject());
  EXPECT_EQ(result.reason, GetParam().detail);
  EXPECT_EQ(result.error_class, "invalid_event");
}
INSTANTIATE_TEST_SUITE_P(
    Fixtures, BadCouponEvent,
    ::testing::ValuesIn(bad_requests(std::filesystem::path(GANTRY_BAD_COUPONS) / "events")),
    payload::testing::test_name);

TEST_F(CouponIssueTest, rejects_a_tombstone) {
  EXPECT_TRUE(host_.deliver(message().tombstone()).is_reject());
}

TEST_F(CouponIssueTest, passes_over_events_of_another_type_and_counts_them) {
  EXPECT_TRUE(host_.deliver(message(R"({"type":"CouponUsedEvent","couponId":"x"})")).is_ok());
  EXPECT_TRUE(
      host_.deliver(message("avro").header("__TypeId__", "com.acme.CouponUsedEvent")).is_ok());
  EXPECT_TRUE(host_
                  .deliver(message(R"({"couponId":1,"userId":7})")
                               .header("__TypeId__", "com.acme.CouponUsedEvent"))
                  .is_ok());
  EXPECT_EQ(host_.metric("coupons_skipped_total"), 3);
}

TEST_F(CouponIssueTest, believes_the_field_more_than_the_header) {
  EXPECT_TRUE(host_.deliver(message(event).header("__TypeId__", "com.acme.CouponUsedEvent"))
                  .is_unavailable());
}

TEST_F(CouponIssueTest, takes_the_type_from_the_header_where_the_event_has_none) {
  EXPECT_TRUE(host_
                  .deliver(message(R"({"couponId":1,"userId":7})")
                               .header("__TypeId__", "com.acme.Events$CouponIssueEvent"))
                  .is_unavailable());
}

TEST_F(CouponIssueTest, rejects_what_is_malformed_by_itself_while_the_database_is_away) {
  const auto results = host_.deliver({message(event), message("{"), message(event)});
  EXPECT_TRUE(results[0].is_unavailable());
  EXPECT_EQ(results[0].error_class, "database.connection");
  EXPECT_TRUE(results[1].is_reject());
  EXPECT_TRUE(results[2].is_unavailable());
}

}  // namespace
}  // namespace coupons
