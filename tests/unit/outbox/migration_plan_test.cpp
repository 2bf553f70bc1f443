#include "outbox/migration_plan.hpp"

#include <gantry/abi.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gantry::outbox {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class MigrationPlan : public testing::Test {
 protected:
  MigrationPlan() {
    config::HandlerSpec pay;
    pay.id = "pay";
    pay.plugin = "payment";
    pay.flags = GANTRY_SOURCE_HTTP | GANTRY_USES_OUTBOX;
    pay.options = {{"database", "", std::nullopt, "", config::OptionType::database, false}};
    pay.migrations = {{1, "create_orders", "CREATE TABLE orders ()", "database"}};
    config::HandlerSpec save = pay;
    save.id = "save";
    save.plugin = "saver";
    save.flags = GANTRY_SOURCE_TOPIC;
    catalog_ = {{"payment", "1", "", 1, 0, {}, {pay}}, {"saver", "1", "", 1, 0, {}, {save}}};
    for (const char* name : {"main", "other"}) {
      config_.databases[name] = {name, std::string("dbname=") + name, {}};
    }
  }
  config::Route route(const std::string& handler, const std::string& database) {
    config::Route made;
    made.handler = handler;
    made.settings["database"].value = "dbname=" + database;
    made.settings["database"].database = database;
    return made;
  }
  // "main: gantry 1, payment 1"
  static std::vector<std::string> text(const std::vector<DatabaseMigrations>& plan) {
    std::vector<std::string> lines;
    for (const DatabaseMigrations& one : plan) {
      std::string line = one.database + ":";
      for (const Migration& migration : one.migrations) {
        line += " " + migration.plugin + " " + std::to_string(migration.spec.number);
      }
      lines.push_back(line);
    }
    return lines;
  }

  config::Catalog catalog_;
  config::Config config_;
};

TEST_F(MigrationPlan, has_the_outbox_where_a_handler_uses_it) {
  EXPECT_THAT(text(migrations_of(route("pay", "main"), catalog_)),
              ElementsAre("main: gantry 1 gantry 2 payment 1"));
  EXPECT_THAT(text(migrations_of(route("save", "main"), catalog_)), ElementsAre("main: saver 1"));
}

TEST_F(MigrationPlan, has_the_outbox_once_in_a_database_that_routes_share) {
  config_.routes = {route("pay", "main"), route("pay", "main"), route("save", "other")};
  config_.outbox_databases = {"main"};
  EXPECT_THAT(text(migrations_of(config_, catalog_)),
              ElementsAre("main: gantry 1 gantry 2 payment 1", "other: saver 1"));
}

TEST_F(MigrationPlan, has_the_outbox_in_a_database_that_is_only_relayed) {
  config_.outbox_databases = {"other"};
  const auto plan = migrations_of(config_, catalog_);
  EXPECT_THAT(text(plan), ElementsAre("other: gantry 1 gantry 2"));
  EXPECT_EQ(plan[0].dsn, "dbname=other");
  EXPECT_NE(plan[0].migrations[0].spec.sql.find("CREATE TABLE gantry_outbox"), std::string::npos);
}

TEST_F(MigrationPlan, is_empty_without_any_of_these) {
  EXPECT_THAT(migrations_of(config_, catalog_), IsEmpty());
}

}  // namespace
}  // namespace gantry::outbox
