#include "postgres/sqlstate.hpp"

#include <gtest/gtest.h>

#include <map>
#include <string>

namespace postgres {
namespace {

using outcome::Remedy;

TEST(Sqlstate, says_what_becomes_of_the_message) {
  const std::map<std::string, Remedy> expected{
      {"08000", Remedy::unavailable},  // connection exception
      {"08006", Remedy::unavailable},  // connection failure
      {"53100", Remedy::unavailable},  // disk full
      {"53300", Remedy::unavailable},  // too many connections
      {"57P01", Remedy::unavailable},  // admin shutdown
      {"57P03", Remedy::unavailable},  // cannot connect now
      {"28P01", Remedy::unavailable},  // invalid password
      {"3D000", Remedy::unavailable},  // no such database
      {"25006", Remedy::unavailable},  // read only
      {"42P01", Remedy::unavailable},  // undefined table
      {"42703", Remedy::unavailable},  // undefined column
      {"42501", Remedy::unavailable},  // insufficient privilege
      {"40001", Remedy::retry},        // serialization failure
      {"40P01", Remedy::retry},        // deadlock
      {"22001", Remedy::reject},       // string too long
      {"22P02", Remedy::reject},       // invalid text representation
      {"23502", Remedy::reject},       // not null
      {"23503", Remedy::reject},       // foreign key
      {"23505", Remedy::reject},       // unique
      {"23514", Remedy::reject},       // check
      {"57014", Remedy::retry},        // query cancelled: statement_timeout
      {"55P03", Remedy::retry},        // lock_timeout
      {"25P02", Remedy::retry},        // in failed transaction: only 25006 of its class is known
      {"XX000", Remedy::retry},        // internal error
      {"P0001", Remedy::retry},        // raised by a function
      {"", Remedy::retry},
  };
  for (const auto& [sqlstate, remedy] : expected) {
    EXPECT_EQ(remedy_for(sqlstate), remedy) << sqlstate;
  }
}

}  // namespace
}  // namespace postgres
