// The plugins' migrations on a real PostgreSQL.
#include "outbox/migrations.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "support/postgres.hpp"

namespace gantry::outbox {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

Migration migration(std::uint32_t number, const std::string& name, const std::string& sql,
                    const std::string& plugin = "example") {
  return {plugin, {number, name, sql, "database"}};
}

const Migration kTable = migration(1, "create_saved", "CREATE TABLE saved (id bigint);");
const Migration kColumn = migration(
    2, "add_note", "ALTER TABLE saved ADD note text; INSERT INTO saved VALUES (1, 'é\\');");

class Migrations : public testing::Test {
 protected:
  std::vector<MigrationState> states(const std::vector<Migration>& all) {
    std::vector<MigrationState> list;
    for (const auto& one : migration_status(database_.dsn(), all)) list.push_back(one.state);
    return list;
  }
  std::vector<std::string> apply(const std::vector<Migration>& all) {
    std::vector<std::string> applied;
    apply_migrations(database_.dsn(), all,
                     [&](const Migration& one) { applied.push_back(one.spec.name); });
    return applied;
  }
  std::string failure_of(const std::vector<Migration>& all) {
    try {
      apply(all);
    } catch (const DatabaseRefused& failed) {
      return failed.what();
    }
    return "applied";
  }

  test::Database database_ = test::Postgres::shared().create_database();
};

TEST_F(Migrations, are_missing_in_an_empty_database_which_is_only_read) {
  EXPECT_THAT(states({kTable, kColumn}),
              ElementsAre(MigrationState::missing, MigrationState::missing));
  EXPECT_TRUE(database_.value<bool>("SELECT to_regclass('gantry_migrations') IS NULL"));
}

TEST_F(Migrations, are_applied_in_order_and_once) {
  EXPECT_THAT(apply({kTable, kColumn}), ElementsAre("create_saved", "add_note"));
  EXPECT_THAT(apply({kTable, kColumn}), ElementsAre());
  EXPECT_EQ(database_.count("saved"), 1);
  EXPECT_THAT(states({kTable, kColumn}),
              ElementsAre(MigrationState::applied, MigrationState::applied));
}

TEST_F(Migrations, add_only_what_is_new) {
  apply({kTable});
  EXPECT_THAT(apply({kTable, kColumn}), ElementsAre("add_note"));
}

TEST_F(Migrations, of_two_plugins_do_not_mix_up_their_numbers) {
  apply({kTable});
  const Migration other = migration(1, "create_other", "CREATE TABLE other (id bigint)", "other");
  EXPECT_THAT(states({kTable, other}),
              ElementsAre(MigrationState::applied, MigrationState::missing));
}

TEST_F(Migrations, store_the_sha256_of_their_sql) {
  apply({kTable});
  EXPECT_EQ(database_.value<std::string>("SELECT checksum FROM gantry_migrations"),
            database_.value<std::string>(
                "SELECT encode(sha256('CREATE TABLE saved (id bigint);'), 'hex')"));
}

TEST_F(Migrations, show_when_their_sql_has_changed_since_and_are_not_applied_then) {
  apply({kTable});
  const Migration changed = migration(1, "create_saved", "CREATE TABLE saved (id integer);");
  EXPECT_THAT(states({changed}), ElementsAre(MigrationState::changed));
  EXPECT_THAT(failure_of({changed, kColumn}),
              AllOf(HasSubstr("example 1 create_saved was changed"), HasSubstr("append a new")));
  EXPECT_THAT(states({kColumn}), ElementsAre(MigrationState::missing));
}

TEST_F(Migrations, stop_at_the_first_failure_and_leave_nothing_of_it) {
  const Migration broken =
      migration(2, "broken", "CREATE TABLE half (id bigint); SELECT nonsense FROM nowhere;");
  const Migration after = migration(3, "after", "CREATE TABLE after_it (id bigint)");
  EXPECT_THAT(failure_of({kTable, broken, after}),
              AllOf(HasSubstr("migration example 2 broken"), HasSubstr("SQLSTATE 42P01"),
                    HasSubstr("nowhere")));
  EXPECT_THAT(
      states({kTable, broken, after}),
      ElementsAre(MigrationState::applied, MigrationState::missing, MigrationState::missing));
  EXPECT_TRUE(database_.value<bool>("SELECT to_regclass('half') IS NULL"));
}

TEST_F(Migrations, may_not_end_their_transaction_themselves) {
  EXPECT_THAT(failure_of({migration(1, "commits", "CREATE TABLE x (id bigint); COMMIT; BEGIN;")}),
              HasSubstr("ends the transaction"));
}

TEST_F(Migrations, of_two_hosts_at_once_do_not_collide) {
  std::vector<std::string> first, second;
  const auto host = [this](std::vector<std::string>& applied) {
    apply_migrations(database_.dsn(), {kTable, kColumn},
                     [&](const Migration& one) { applied.push_back(one.spec.name); });
  };
  std::thread other([&] { host(second); });
  host(first);
  other.join();
  EXPECT_EQ(first.size() + second.size(), 2u);
  EXPECT_EQ(database_.count("saved"), 1);
}

TEST_F(Migrations, that_are_missing_or_changed_are_listed_for_who_waits_for_them) {
  apply({kTable});
  const auto missing = missing_migrations(database_.dsn(), {kTable, kColumn});
  ASSERT_EQ(missing.size(), 1u);
  EXPECT_EQ(named(missing[0]), "example 2 add_note");
}

TEST_F(Migrations, tell_a_database_that_is_not_there_from_one_that_refuses) {
  EXPECT_THROW(migration_status("postgresql://127.0.0.1:1/orders", {kTable}), DatabaseUnavailable);
}

TEST_F(Migrations, never_tell_a_connection_string) {
  try {
    migration_status("password xyzzy", {kTable});
    FAIL() << "was taken";
  } catch (const DatabaseUnavailable& error) {
    EXPECT_THAT(error.what(), testing::Not(HasSubstr("xyzzy")));
  }
}

}  // namespace
}  // namespace gantry::outbox
