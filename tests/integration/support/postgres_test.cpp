// The shared database server and the databases that tests make themselves there.
#include "support/postgres.hpp"

#include <gtest/gtest.h>

namespace gantry::test {
namespace {

TEST(SharedPostgres, gives_each_test_an_empty_database_of_its_own) {
  const Database one = Postgres::shared().create_database();
  const Database other = Postgres::shared().create_database();
  one.execute("CREATE TABLE things (id int); INSERT INTO things VALUES (1), (2)");
  EXPECT_EQ(one.count("things"), 2);
  EXPECT_THROW(other.count("things"), pqxx::sql_error);
}

TEST(SharedPostgres, is_at_least_the_version_that_gantry_supports) {
  const Database database(Postgres::shared().dsn());
  EXPECT_GE(database.value<int>("SHOW server_version_num"), 150000);
}

TEST(SharedPostgres, takes_connections_on_its_unix_socket_too) {
  const Database database(Postgres::shared().socket_dsn());
  EXPECT_EQ(database.value<int>("SELECT 7"), 7);
}

}  // namespace
}  // namespace gantry::test
