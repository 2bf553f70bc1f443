#include "postgres/error.hpp"

#include <gtest/gtest.h>

#include <pqxx/pqxx>

namespace postgres {
namespace {

using outcome::Remedy;

TEST(Constraint, is_named_by_the_server) {
  EXPECT_EQ(constraint_of("ERROR:  duplicate key value violates unique constraint "
                          "\"saved_orders_pkey\"\nDETAIL:  Key (event_id)=(e-1) already exists."),
            "saved_orders_pkey");
  EXPECT_EQ(constraint_of("ERROR:  new row for relation \"saved_orders\" violates check constraint "
                          "\"saved_orders_amount_check\"\nDETAIL:  Failing row contains (1, …)."),
            "saved_orders_amount_check");
}

TEST(Constraint, is_empty_where_the_message_names_none) {
  EXPECT_EQ(constraint_of(""), "");
  EXPECT_EQ(constraint_of("ERROR:  value too long for type character varying(3)"), "");
  EXPECT_EQ(constraint_of("ERROR:  no\nDETAIL:  constraint \"in a row's own text\""), "");
  EXPECT_EQ(constraint_of("ERROR:  constraint \"" + std::string(64, 'x') + "\""), "");
}

TEST(Describe, keeps_rows_out_of_the_reason) {
  const pqxx::sql_error error(
      "ERROR:  duplicate key value violates unique constraint \"k\"\nDETAIL:  Key (mail)=(a@b.c)",
      "INSERT … 'a@b.c'", "23505");
  const auto failure = describe(error, true);
  EXPECT_EQ(failure.reason, "database: SQLSTATE 23505, constraint k");
  EXPECT_EQ(failure.error_class, "sqlstate.23505");
  EXPECT_EQ(failure.remedy, Remedy::reject);
}

TEST(Describe, makes_a_lost_connection_unavailable) {
  EXPECT_EQ(describe(pqxx::broken_connection("x"), true).remedy, Remedy::unavailable);
  EXPECT_EQ(describe(pqxx::in_doubt_error("x"), true).remedy, Remedy::unavailable);
  EXPECT_EQ(describe(pqxx::failure("x"), false).remedy, Remedy::unavailable);
  EXPECT_EQ(describe(pqxx::failure("x"), false).reason, "database: the connection was lost");
}

TEST(Describe, retries_what_it_does_not_know) {
  EXPECT_EQ(describe(std::runtime_error("secret"), true).remedy, Remedy::retry);
  EXPECT_EQ(describe(std::runtime_error("secret"), true).reason.find("secret"), std::string::npos);
}

}  // namespace
}  // namespace postgres
