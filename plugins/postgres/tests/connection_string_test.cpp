#include "postgres/connection_string.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace postgres {
namespace {

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST(ConnectionString, gets_limits_that_show_a_dead_server) {
  const std::string text = with_limits("host=db dbname=shop", "gantry test");
  for (const char* part :
       {"host='db'", "dbname='shop'", "application_name='gantry test'", "connect_timeout='5'",
        "keepalives_idle='10'", "tcp_user_timeout='15000'"}) {
    EXPECT_TRUE(has(text, part)) << part << " in " << text;
  }
}

TEST(ConnectionString, keeps_what_the_operator_wrote) {
  const std::string text = with_limits("connect_timeout=30 application_name=mine", "gantry test");
  EXPECT_TRUE(has(text, "connect_timeout='30'")) << text;
  EXPECT_TRUE(has(text, "application_name='mine'")) << text;
}

TEST(ConnectionString, may_be_a_uri_and_hold_any_password) {
  const std::string text = with_limits("postgresql://me:it%27s%20%5C@db:5433/shop", "gantry");
  EXPECT_TRUE(has(text, R"(password='it\'s \\')")) << text;
  EXPECT_TRUE(has(text, "port='5433'")) << text;
}

TEST(ConnectionString, that_cannot_be_read_is_refused_without_being_quoted) {
  try {
    with_limits("password=top secret", "gantry");
    FAIL() << "was accepted";
  } catch (const std::invalid_argument& error) {
    EXPECT_FALSE(has(error.what(), "secret")) << error.what();
    EXPECT_TRUE(has(error.what(), "connection string")) << error.what();
  }
}

}  // namespace
}  // namespace postgres
