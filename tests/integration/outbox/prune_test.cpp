// Which rows are old enough to go, on a real PostgreSQL.
#include "outbox/prune.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "outbox/migrations.hpp"
#include "support/postgres.hpp"
#include "support/temp_folder.hpp"

namespace gantry::outbox {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

constexpr std::chrono::seconds kNinetyDays = std::chrono::days(90);

config::HandlerSpec make_handler(const std::string& id, const std::string& plugin,
                                 const std::string& sql) {
  config::HandlerSpec handler;
  handler.id = id;
  handler.plugin = plugin;
  handler.migrations.push_back({1, "create", sql, "database"});
  return handler;
}

class Prune : public testing::Test {
 protected:
  Prune() {
    add("alert", "alert", shipped("alert/migrations/0001_create_notifications.sql"));
    add("coupon-issue", "coupon-issuer",
        shipped("coupon-issuer/migrations/0001_create_coupons.sql"));
    add("acme-audit", "acme", "CREATE TABLE notifications_of_acme (created_at timestamptz)");
  }
  static std::string shipped(const std::string& file) {
    return test::read_file(std::filesystem::path(GANTRY_SHIPPED_PLUGINS) / file);
  }
  void add(const std::string& handler, const std::string& plugin, const std::string& sql) {
    config::PluginSpec& spec = catalog.emplace_back();
    spec.name = plugin;
    spec.handlers.push_back(make_handler(handler, plugin, sql));
    config::Route route;
    route.name = handler + "-route";
    route.handler = handler;
    route.topics = {"topic"};
    route.settings["database"] = {database.dsn(), true, "main", {}};
    config.routes.push_back(route);
    config.databases["main"] = {"main", database.dsn(), {}};
  }
  void migrate() {
    for (const DatabaseMigrations& one : migrations_of(config, catalog))
      apply_migrations(one.dsn, one.migrations, [](const Migration&) {});
  }
  PrunableTable table(const std::string& name) {
    for (const PrunableTable& one : prunable_tables(config, catalog))
      if (one.what.table == name) return one;
    throw std::runtime_error("no table " + name);
  }
  void notification(const std::string& event, const std::string& state, int days) {
    database.execute("INSERT INTO notifications VALUES ('" + event + "', 1, 7, '" + state +
                     "', 1, now() - interval '" + std::to_string(days) + " days', " +
                     (state == "SENT" ? "now()" : "NULL") + ")");
  }
  std::vector<std::string> left(const std::string& column, const std::string& name) {
    std::vector<std::string> values;
    for (const auto& row : database.execute("SELECT " + column + " FROM " + name + " ORDER BY 1"))
      values.emplace_back(row[0].c_str());
    return values;
  }

  test::Database database = test::Postgres::shared().create_database();
  config::Config config;
  config::Catalog catalog;
};

TEST_F(Prune, knows_the_tables_of_shipped_plugins_that_the_routes_use_and_no_others) {
  const auto tables = prunable_tables(config, catalog);
  ASSERT_THAT(tables, SizeIs(2));
  EXPECT_EQ(tables[0].what.table, "notifications");
  EXPECT_THAT(tables[0].routes, ElementsAre("alert-route"));
  EXPECT_EQ(tables[1].what.table, "coupon_requests");
  config.routes.clear();
  EXPECT_THAT(prunable_tables(config, catalog), IsEmpty());
}

TEST_F(Prune, takes_old_notifications_that_were_sent_or_have_failed) {
  migrate();
  notification("old", "SENT", 91);
  notification("old-failure", "FAILED", 91);
  notification("old-in-doubt", "SENDING", 91);
  notification("young", "SENT", 89);
  EXPECT_EQ(prune(table("notifications"), kNinetyDays, true), 2u);
  EXPECT_EQ(database.count("notifications"), 4) << "counting deletes nothing";
  EXPECT_EQ(prune(table("notifications"), kNinetyDays, false), 2u);
  EXPECT_THAT(left("event_id", "notifications"), ElementsAre("old-in-doubt", "young"));
}

TEST_F(Prune, takes_old_requests_of_ended_campaigns_that_no_coupon_was_made_of) {
  migrate();
  database.execute(
      "INSERT INTO coupon_types (coupon_id, name, stock, remaining, status, valid_until) VALUES "
      "(1, 'open', 9, 9, 'ACTIVE', 'infinity'), (2, 'closed', 9, 9, 'CLOSED', 'infinity'), "
      "(3, 'over', 9, 9, 'ACTIVE', now() - interval '91 days'), "
      "(4, 'just over', 9, 9, 'ACTIVE', now() - interval '1 day')");
  for (const int coupon : {1, 2, 3, 4})
    for (const int user : {1, 2, 3})
      database.execute("INSERT INTO coupon_requests VALUES (" + std::to_string(coupon) + ", " +
                       std::to_string(user) + ", " + std::to_string(user) +
                       ", 9, now() - interval '" + (user == 3 ? "1 day" : "91 days") + "')");
  database.execute("INSERT INTO coupons (coupon_id, user_id) VALUES (2, 1), (3, 1)");
  EXPECT_EQ(prune(table("coupon_requests"), kNinetyDays, false), 2u);
  EXPECT_THAT(left("coupon_id * 10 + user_id", "coupon_requests"),
              ElementsAre("11", "12", "13", "21", "23", "31", "33", "41", "42", "43"));
  EXPECT_EQ(database.count("coupons"), 2);
}

TEST_F(Prune, finds_nothing_where_the_tables_are_not_made_yet) {
  EXPECT_EQ(prune(table("notifications"), kNinetyDays, false), 0u);
}

TEST_F(Prune, says_which_database_does_not_answer) {
  PrunableTable away = table("notifications");
  away.dsn = "postgresql://127.0.0.1:1/nowhere";
  EXPECT_THROW(prune(away, kNinetyDays, true), DatabaseUnavailable);
}

}  // namespace
}  // namespace gantry::outbox
