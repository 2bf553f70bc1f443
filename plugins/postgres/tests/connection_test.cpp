#include "postgres/connection.hpp"

#include <gtest/gtest.h>

#include "postgres/sqlstate.hpp"
#include "support/postgres.hpp"
#include "support/wait.hpp"

namespace postgres {
namespace {

using gantry::test::Database;
using gantry::test::Postgres;
using outcome::Remedy;
using namespace std::chrono_literals;

class ConnectionTest : public ::testing::Test {
 protected:
  std::optional<outcome::Failure> execute(Connection& connection, const std::string& sql) {
    return connection.run([&](pqxx::connection& session) {
      pqxx::work transaction(session);
      const pqxx::result rows = transaction.exec(sql);
      transaction.commit();
      value_ = rows.empty() ? "" : rows[0][0].c_str();
    });
  }
  std::string value(Connection& connection, const std::string& sql) {
    const auto failure = execute(connection, sql);
    EXPECT_FALSE(failure) << failure->reason;
    return value_;
  }

  Database database_ = Postgres::shared().create_database();
  Connection connection_{database_.dsn(), "gantry test"};
  std::string value_;
};

TEST_F(ConnectionTest, is_made_when_it_is_first_needed_and_kept) {
  const std::string first = value(connection_, "SELECT pg_backend_pid()");
  EXPECT_EQ(value(connection_, "SELECT pg_backend_pid()"), first);
  EXPECT_EQ(value(connection_, "SELECT current_setting('application_name')"), "gantry test");
}

TEST_F(ConnectionTest, limits_what_a_statement_may_wait) {
  EXPECT_EQ(value(connection_, "SHOW lock_timeout"), "5s");
  EXPECT_EQ(value(connection_, "SHOW statement_timeout"), "20s");
}

TEST_F(ConnectionTest, leaves_a_limit_that_the_operator_set) {
  Connection own(database_.dsn() + " options='-c statement_timeout=7s'", "gantry test");
  EXPECT_EQ(value(own, "SHOW statement_timeout"), "7s");
  EXPECT_EQ(value(own, "SHOW lock_timeout"), "5s");
}

TEST_F(ConnectionTest, survives_the_error_of_a_statement) {
  const std::string first = value(connection_, "SELECT pg_backend_pid()");
  EXPECT_TRUE(execute(connection_, "SELECT 1 / 0"));
  EXPECT_EQ(value(connection_, "SELECT pg_backend_pid()"), first);
}

TEST_F(ConnectionTest, that_the_server_ended_meanwhile_is_replaced_before_it_fails) {
  const std::string first = value(connection_, "SELECT pg_backend_pid()");
  database_.execute("SELECT pg_terminate_backend(" + first + ")");
  gantry::test::eventually(
      [&] {
        return database_.value<int>("SELECT count(*) FROM pg_stat_activity WHERE pid = " + first) ==
               0;
      },
      60s, "the server ends the connection");
  EXPECT_NE(value(connection_, "SELECT pg_backend_pid()"), first);
}

TEST_F(ConnectionTest, that_is_lost_at_work_is_unavailable_and_made_again) {
  const auto failure = execute(connection_, "SELECT pg_terminate_backend(pg_backend_pid())");
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->remedy, Remedy::unavailable) << failure->reason;
  EXPECT_EQ(value(connection_, "SELECT 7"), "7");
}

TEST_F(ConnectionTest, gives_up_a_server_that_never_answers) {
  Connection impatient(database_.dsn(), "gantry test", {.answer = 200ms});
  const auto failure = execute(impatient, "SELECT pg_sleep(100)");
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->remedy, Remedy::unavailable);
  EXPECT_EQ(failure->reason, "database: no answer within 200 ms");
  EXPECT_EQ(failure->error_class, "database.timeout");
  EXPECT_EQ(value(impatient, "SELECT 7"), "7");
}

TEST_F(ConnectionTest, that_cannot_be_made_is_unavailable_and_says_why) {
  Connection nowhere(database_.dsn() + " dbname=nowhere", "gantry test");
  const auto failure = execute(nowhere, "SELECT 1");
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->remedy, Remedy::unavailable);
  EXPECT_EQ(failure->error_class, "database.connection");
  EXPECT_NE(failure->reason.find("database \"nowhere\" does not exist"), std::string::npos)
      << failure->reason;
}

TEST_F(ConnectionTest, that_is_refused_is_unavailable) {
  Connection refused("host=127.0.0.1 port=1 dbname=x user=x", "gantry test");
  const auto failure = execute(refused, "SELECT 1");
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->remedy, Remedy::unavailable);
  EXPECT_EQ(failure->error_class, "database.connection");
}

// Through a real server and libpqxx, whose classes hide some of the codes.
class RaisedSqlstate : public ConnectionTest, public ::testing::WithParamInterface<const char*> {};

TEST_P(RaisedSqlstate, reaches_the_table) {
  const std::string sqlstate = GetParam();
  const auto failure =
      execute(connection_, "DO $$ BEGIN RAISE EXCEPTION 'mina@example.com' USING ERRCODE = '" +
                               sqlstate + "', CONSTRAINT = 'a_name'; END $$");
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->remedy, remedy_for(sqlstate)) << failure->reason;
  EXPECT_EQ(failure->reason.find("mina"), std::string::npos) << failure->reason;
}
INSTANTIATE_TEST_SUITE_P(All, RaisedSqlstate,
                         ::testing::Values("08000", "08006", "0A000", "22001", "22003", "22P02",
                                           "23001", "23502", "23503", "23505", "23514", "23P01",
                                           "24000", "25006", "26000", "28000", "28P01", "34000",
                                           "3D000", "40000", "40001", "40003", "40P01", "42501",
                                           "42601", "42703", "42883", "42P01", "53000", "53100",
                                           "53200", "53300", "55P03", "57014", "57P01", "57P03",
                                           "58030", "P0001", "P0002", "P0003", "XX000"),
                         [](const auto& test) { return std::string(test.param); });

}  // namespace
}  // namespace postgres
