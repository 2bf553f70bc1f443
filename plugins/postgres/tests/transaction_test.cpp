// On a real PostgreSQL.
#include "postgres/transaction.hpp"

#include <gtest/gtest.h>

#include "postgres/connection.hpp"
#include "support/postgres.hpp"

namespace postgres {
namespace {

using gantry::test::Database;
using gantry::test::Postgres;

class TransactionTest : public ::testing::Test {
 protected:
  TransactionTest() { database_.execute("CREATE TABLE numbers (n int PRIMARY KEY)"); }

  std::optional<outcome::Failure> run(const std::function<void(Transaction&)>& work) {
    return connection_.run([&](pqxx::connection& connection) {
      Transaction transaction(connection);
      work(transaction);
    });
  }
  // How often the server has been asked something by this connection, the question included.
  static int trips(Transaction& transaction) {
    return transaction.exec("SELECT count(DISTINCT at) FROM trips")[0][0].as<int>();
  }
  Database database_ = Postgres::shared().create_database();
  Connection connection_{database_.dsn(), "gantry test"};
};

TEST_F(TransactionTest, commits_what_was_deferred_in_its_order) {
  const auto failure = run([](Transaction& transaction) {
    transaction.defer("INSERT INTO numbers VALUES (1)");
    transaction.defer("UPDATE numbers SET n = n + 10");
    transaction.defer("INSERT INTO numbers VALUES (2)");
    transaction.commit();
  });
  ASSERT_FALSE(failure) << failure->reason;
  EXPECT_EQ(database_.value<std::string>("SELECT string_agg(n::text, ' ' ORDER BY n) FROM numbers"),
            "2 11");
  EXPECT_EQ(database_.value<int>("SELECT count(DISTINCT xmin::text) FROM numbers"), 1);
}

TEST_F(TransactionTest, answers_with_the_last_statement_behind_those_that_were_deferred) {
  std::string found;
  const auto failure = run([&](Transaction& transaction) {
    transaction.defer("INSERT INTO numbers VALUES (7)");
    found = transaction.exec("SELECT n FROM numbers")[0][0].c_str();
  });
  ASSERT_FALSE(failure) << failure->reason;
  EXPECT_EQ(found, "7");
}

// statement_timestamp() is that of the message from the client.
TEST_F(TransactionTest, sends_what_was_deferred_along_with_the_next) {
  database_.execute("CREATE TABLE trips (at timestamptz)");
  const auto failure = run([](Transaction& transaction) {
    for (int i = 0; i < 3; ++i)
      transaction.defer("INSERT INTO trips VALUES (statement_timestamp())");
    EXPECT_EQ(trips(transaction), 1);
    for (int i = 0; i < 3; ++i)
      transaction.defer("INSERT INTO trips VALUES (statement_timestamp())");
    transaction.commit();
  });
  ASSERT_FALSE(failure) << failure->reason;
  EXPECT_EQ(database_.value<int>("SELECT count(DISTINCT at) FROM trips"), 2);
}

TEST_F(TransactionTest, that_is_not_committed_leaves_nothing_and_the_connection_usable) {
  ASSERT_FALSE(run([](Transaction& transaction) {
    transaction.defer("INSERT INTO numbers VALUES (1)");
    transaction.exec("SELECT 1");
  }));
  ASSERT_FALSE(
      run([](Transaction& transaction) { transaction.defer("INSERT INTO numbers VALUES (2)"); }));
  EXPECT_EQ(database_.count("numbers"), 0);
  ASSERT_FALSE(run([](Transaction& transaction) {
    transaction.defer("INSERT INTO numbers VALUES (3)");
    transaction.commit();
  }));
  EXPECT_EQ(database_.count("numbers"), 1);
}

TEST_F(TransactionTest, fails_at_the_commit_with_the_error_of_a_deferred_statement) {
  database_.execute("INSERT INTO numbers VALUES (5)");
  const auto failure = run([](Transaction& transaction) {
    transaction.defer("INSERT INTO numbers VALUES (4)");
    transaction.defer("INSERT INTO numbers VALUES (5)");
    transaction.commit();
  });
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->error_class, "sqlstate.23505");
  EXPECT_NE(failure->reason.find("numbers_pkey"), std::string::npos) << failure->reason;
  EXPECT_EQ(database_.count("numbers"), 1);
  ASSERT_FALSE(run([](Transaction& transaction) {
    transaction.defer("INSERT INTO numbers VALUES (6)");
    transaction.commit();
  }));
  EXPECT_EQ(database_.count("numbers"), 2);
}

TEST_F(TransactionTest,
       sees_what_was_committed_before_each_statement_whatever_the_role_defaults_to) {
  Connection strict(database_.dsn() + " options='-c default_transaction_isolation=serializable'",
                    "gantry test");
  int first = -1, second = -1;
  const auto failure = strict.run([&](pqxx::connection& connection) {
    Transaction transaction(connection);
    first = transaction.exec("SELECT count(*) FROM numbers")[0][0].as<int>();
    database_.execute("INSERT INTO numbers VALUES (1)");
    second = transaction.exec("SELECT count(*) FROM numbers")[0][0].as<int>();
  });
  ASSERT_FALSE(failure) << failure->reason;
  EXPECT_EQ(first, 0);
  EXPECT_EQ(second, 1);
}

TEST_F(TransactionTest, that_loses_its_server_is_unavailable_and_made_again) {
  const auto failure = run([](Transaction& transaction) {
    transaction.defer("INSERT INTO numbers VALUES (1)");
    transaction.exec("SELECT pg_terminate_backend(pg_backend_pid())");
  });
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->remedy, outcome::Remedy::unavailable) << failure->reason;
  EXPECT_FALSE(run([](Transaction& transaction) { transaction.commit(); }));
  EXPECT_EQ(database_.count("numbers"), 0);
}

TEST_F(TransactionTest, quotes_what_could_end_a_string) {
  const std::string nasty = "'; DROP TABLE numbers; -- \\";
  std::string found;
  const auto failure = run([&](Transaction& transaction) {
    found = transaction.exec("SELECT " + transaction.quote(nasty))[0][0].c_str();
  });
  ASSERT_FALSE(failure) << failure->reason;
  EXPECT_EQ(found, nasty);
}

}  // namespace
}  // namespace postgres
