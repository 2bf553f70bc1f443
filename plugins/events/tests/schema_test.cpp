#include <gtest/gtest.h>

#include <algorithm>
#include <boost/json/parse.hpp>

#include "currency.hpp"
#include "payloads.hpp"
#include "schema_check.hpp"

namespace orders::testing {
namespace {

namespace json = boost::json;

const json::value& schema() {
  static const json::value loaded = json::parse(read_file(GANTRY_ORDER_SCHEMA));
  return loaded;
}

std::string verdict(const std::string& bytes) {
  json::error_code error;
  const json::value value = json::parse(bytes, error);
  if (error) return "not-json";
  return accepts(schema(), value) ? "accepts" : "refuses";
}

class BadPayloadSchema : public ::testing::TestWithParam<Payload> {};
TEST_P(BadPayloadSchema, says_what_the_table_says) {
  EXPECT_EQ(verdict(GetParam().bytes), GetParam().schema);
}
INSTANTIATE_TEST_SUITE_P(Fixtures, BadPayloadSchema, ::testing::ValuesIn(bad_payloads()),
                         test_name);

class GoodPayloadSchema : public ::testing::TestWithParam<Payload> {};
TEST_P(GoodPayloadSchema, accepts) { EXPECT_EQ(verdict(GetParam().bytes), "accepts"); }
INSTANTIATE_TEST_SUITE_P(Fixtures, GoodPayloadSchema, ::testing::ValuesIn(good_payloads()),
                         test_name);

TEST(Schema, lists_the_same_currencies_as_the_reader) {
  const json::array& listed = schema().at("properties").at("currency").at("enum").as_array();
  ASSERT_EQ(listed.size(), currencies().size());
  for (std::size_t i = 0; i < listed.size(); ++i) {
    EXPECT_EQ(std::string_view(listed[i].as_string()), currencies()[i]);
  }
}

TEST(Currency, is_one_of_the_list_and_nothing_else) {
  std::size_t accepted = 0;
  for (char a = 'A'; a <= 'Z'; ++a) {
    for (char b = 'A'; b <= 'Z'; ++b) {
      for (char c = 'A'; c <= 'Z'; ++c) accepted += is_currency(std::string{a, b, c}) ? 1 : 0;
    }
  }
  EXPECT_EQ(accepted, currencies().size());
  EXPECT_FALSE(is_currency(""));
  EXPECT_FALSE(is_currency("KRW "));
  EXPECT_FALSE(is_currency("krw"));
}

}  // namespace
}  // namespace orders::testing
