// What coupon-request says without a database: none is needed for what it refuses, and none is
// there for the rest.
#include <gtest/gtest.h>

#include <filesystem>
#include <gantry/testing.hpp>

#include "bad_request.hpp"
#include "coupon_writer.hpp"

namespace coupons {
namespace {

using gantry::testing::FakeHost;
using gantry::testing::Input;
using gantry::testing::message;
using payload::testing::bad_requests;
using payload::testing::BadRequest;

const std::filesystem::path bad = GANTRY_BAD_COUPONS;

Input post(const std::string& coupon_id, const std::string& body) {
  return message(body)
      .key(std::nullopt)
      .http("POST", "/coupons/" + coupon_id + "/requests")
      .header(":couponId", coupon_id);
}

class CouponRequestTest : public ::testing::Test {
 protected:
  CouponRequestTest() { host_.set("database", "host=127.0.0.1 port=1 user=x dbname=x"); }
  FakeHost host_{gantry_plugin_v1, "coupon-request"};
};

class BadHttpCouponRequest : public CouponRequestTest,
                             public ::testing::WithParamInterface<BadRequest> {};

TEST_P(BadHttpCouponRequest, gets_the_answer_of_the_table) {
  host_.as_http_route();
  const auto result = host_.deliver(post("1", GetParam().bytes));
  ASSERT_TRUE(result.is_ok()) << result.reason;
  const auto reply = host_.reply(result.slot);
  EXPECT_EQ(reply->status, GetParam().status);
  EXPECT_EQ(reply->content_type, "application/problem+json");
  EXPECT_NE(reply->body.find("\"detail\":\"" + GetParam().detail + "\""), std::string::npos)
      << reply->body;
}
INSTANTIATE_TEST_SUITE_P(Fixtures, BadHttpCouponRequest,
                         ::testing::ValuesIn(bad_requests(bad / "http")),
                         payload::testing::test_name);

class BadCouponRecord : public CouponRequestTest,
                        public ::testing::WithParamInterface<BadRequest> {};

TEST_P(BadCouponRecord, is_rejected_with_the_reason_of_the_table) {
  const auto result = host_.deliver(message(GetParam().bytes));
  EXPECT_TRUE(result.is_reject());
  EXPECT_EQ(result.reason, GetParam().detail);
  EXPECT_EQ(result.error_class, "invalid_request");
}
INSTANTIATE_TEST_SUITE_P(Fixtures, BadCouponRecord,
                         ::testing::ValuesIn(bad_requests(bad / "records")),
                         payload::testing::test_name);

TEST_F(CouponRequestTest, refuses_a_path_that_names_no_coupon) {
  host_.as_http_route();
  for (const char* segment : {"", "0", "-1", "+1", "01", "1.0", "1e3", "abc", "1 ", " 1", "1/2",
                              "%31", "9223372036854775808", "\xEF\xBC\x91"}) {
    const auto result = host_.deliver(post(segment, R"({"userId":7})"));
    ASSERT_TRUE(result.is_ok()) << segment;
    EXPECT_EQ(host_.reply(result.slot)->status, 422) << segment;
    EXPECT_NE(host_.reply(result.slot)->body.find("\"field\":\"couponId\""), std::string::npos);
  }
}

TEST_F(CouponRequestTest, refuses_a_route_whose_path_has_no_coupon) {
  host_.as_http_route();
  const auto result = host_.deliver(message(R"({"userId":7})").http("POST", "/coupons"));
  EXPECT_EQ(host_.reply(result.slot)->status, 422);
}

TEST_F(CouponRequestTest, is_unavailable_without_its_database) {
  host_.as_http_route();
  const auto results = host_.deliver({post("1", R"({"userId":7})"), post("x", "")});
  EXPECT_TRUE(results[0].is_unavailable());
  EXPECT_EQ(results[0].error_class, "database.connection");
}

TEST_F(CouponRequestTest, rejects_a_malformed_record_by_itself_while_the_database_is_away) {
  const auto results =
      host_.deliver({message(R"({"couponId":1,"userId":7})"), message("{"), message().tombstone()});
  EXPECT_TRUE(results[0].is_unavailable());
  EXPECT_TRUE(results[1].is_reject());
  EXPECT_TRUE(results[2].is_reject());
}

TEST_F(CouponRequestTest, refuses_a_route_whose_host_has_no_outbox) {
  host_.without(GANTRY_OUTBOX_V1);
  EXPECT_THROW(host_.start(), std::runtime_error);
}

TEST_F(CouponRequestTest, says_what_it_needs_before_it_is_called) {
  const gantry_handler_type& type = host_.type();
  EXPECT_EQ(type.flags & GANTRY_USES_OUTBOX, GANTRY_USES_OUTBOX);
  EXPECT_EQ(type.flags & (GANTRY_SOURCE_HTTP | GANTRY_SOURCE_TOPIC),
            GANTRY_SOURCE_HTTP | GANTRY_SOURCE_TOPIC);
  EXPECT_STREQ(type.required_extensions[0], "gantry.outbox/1");
  EXPECT_STREQ(type.outputs[0]->key_format, "int64");
}

TEST(CouponWriter, writes_the_event) {
  EXPECT_EQ(
      coupon_issue_event({3, 7, 41, std::chrono::sys_days{std::chrono::year{2026} / 11 / 23}}),
      R"({"eventId":"7f271020-ddaa-5da9-8d92-4a4f32165ee2","type":"CouponIssueEvent",)"
      R"("couponId":3,"userId":7,"number":41,"occurredAt":"2026-11-23T00:00:00Z"})");
}

}  // namespace
}  // namespace coupons
