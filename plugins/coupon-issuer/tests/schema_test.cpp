// The shipped schemas refuse what the readers refuse, as far as a schema can say it.
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <filesystem>
#include <set>

#include "bad_request.hpp"
#include "coupon_writer.hpp"
#include "schema_check.hpp"

namespace coupons {
namespace {

namespace json = boost::json;
using payload::testing::bad_requests;
using payload::testing::BadRequest;

json::value schema(const std::string& name) {
  return json::parse(
      payload::testing::read_file(std::filesystem::path(GANTRY_COUPON_SCHEMAS) / name));
}

// The fixtures that are well-formed but refused, and that the schema accepts all the same.
std::set<std::string> accepted_of(const std::string& schema_name, const std::string& folder) {
  const json::value rules = schema(schema_name);
  std::set<std::string> accepted;
  for (const BadRequest& one : bad_requests(std::filesystem::path(GANTRY_BAD_COUPONS) / folder)) {
    if (one.status != 422) continue;
    if (orders::testing::accepts(rules, json::parse(one.bytes))) accepted.insert(one.name);
  }
  return accepted;
}

TEST(CouponSchemas, of_the_event_refuses_what_the_reader_refuses) {
  EXPECT_EQ(
      accepted_of("coupon_issue_event.schema.json", "events"),
      (std::set<std::string>{"type-missing.json", "user-id-exponent.json", "user-id-twice.json"}));
}

TEST(CouponSchemas, of_the_request_refuses_what_the_reader_refuses) {
  EXPECT_EQ(accepted_of("coupon_request.schema.json", "records"),
            (std::set<std::string>{"user-id-exponent.json", "user-id-twice.json"}));
}

TEST(CouponSchemas, accept_what_is_written) {
  const std::string event = coupon_issue_event({3, 7, 41, Instant(std::chrono::hours(1))});
  EXPECT_TRUE(
      orders::testing::accepts(schema("coupon_issue_event.schema.json"), json::parse(event)));
  EXPECT_TRUE(orders::testing::accepts(schema("coupon_request.schema.json"),
                                       json::parse(R"({"couponId":3,"userId":7,"more":1})")));
}

}  // namespace
}  // namespace coupons
