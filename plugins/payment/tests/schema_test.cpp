// The shipped schema refuses what the reader refuses, as far as a schema can say it.
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <set>

#include "bad_request.hpp"
#include "schema_check.hpp"

namespace payments {
namespace {

namespace json = boost::json;
using payload::testing::BadRequest;

json::value schema() { return json::parse(payload::testing::read_file(GANTRY_PAYMENT_SCHEMA)); }

// schema_check knows no additionalProperties, which the fixtures of unknown fields are about.
json::value without_closing(json::value rules) {
  rules.as_object().erase("additionalProperties");
  rules.at("properties").at("items").at("items").as_object().erase("additionalProperties");
  return rules;
}

TEST(PaymentSchema, refuses_what_the_reader_refuses) {
  std::set<std::string> accepted;
  for (const BadRequest& one : payload::testing::bad_requests(GANTRY_BAD_PAYMENTS)) {
    if (one.status != 422) continue;
    if (orders::testing::accepts(without_closing(schema()), json::parse(one.bytes))) {
      accepted.insert(one.name);
    }
  }
  EXPECT_EQ(accepted,
            (std::set<std::string>{"amount-exponent.json", "amount-whole-fraction.json",
                                   "currency-unknown.json", "item-price-twice.json",
                                   "item-unknown-field.json", "order-id-twice.json",
                                   "unknown-field-with-odd-name.json", "unknown-field.json"}));
}

TEST(PaymentSchema, is_closed_where_the_reader_refuses_unknown_fields) {
  const json::value rules = schema();
  EXPECT_FALSE(rules.at("additionalProperties").as_bool());
  EXPECT_FALSE(rules.at("properties").at("items").at("items").at("additionalProperties").as_bool());
}

TEST(PaymentSchema, accepts_a_request) {
  EXPECT_TRUE(orders::testing::accepts(
      without_closing(schema()),
      json::parse(R"({"orderId":1,"userId":7,"amount":12000,"currency":"KRW",)"
                  R"("items":[{"sku":"tea","qty":2,"price":6000}]})")));
}

}  // namespace
}  // namespace payments
