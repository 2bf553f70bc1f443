#include "outbox/migration_plan.hpp"

#include <gantry/abi.h>

#include <gantry_outbox_migrations.hpp>
#include <map>
#include <utility>

namespace gantry::outbox {
namespace {

using Numbered = std::map<std::pair<std::string, std::uint32_t>, Migration>;

struct Database {
  std::string dsn;
  Numbered migrations;
};
using Databases = std::map<std::string, Database>;

// The table gantry_outbox belongs to no plugin, so that two of them and the relay share it.
void add_outbox(Database& database) {
  for (const ::gantry::Migration& step : ::gantry::migrations::gantry_outbox) {
    database.migrations.try_emplace(
        {outbox_owner, step.number},
        Migration{outbox_owner, {step.number, step.name, step.sql, ""}});
  }
}

// The database that a route's option names; nullptr where there is none, which validate has
// refused.
Database* database_of(const config::Route& route, const std::string& option, Databases& databases) {
  const auto setting = route.settings.find(option);
  if (setting == route.settings.end()) return nullptr;
  const auto* dsn = std::get_if<std::string>(&setting->second.value);
  if (dsn == nullptr) return nullptr;
  Database& database = databases[setting->second.database];
  database.dsn = *dsn;
  return &database;
}

void add(const config::Route& route, const config::Catalog& catalog, Databases& databases) {
  const config::HandlerSpec* handler = config::find_handler(catalog, route.handler);
  if (handler == nullptr) return;
  for (const config::MigrationSpec& migration : handler->migrations) {
    Database* database = database_of(route, migration.database, databases);
    if (database == nullptr) continue;
    database->migrations.try_emplace({handler->plugin, migration.number},
                                     Migration{handler->plugin, migration});
  }
  if ((handler->flags & GANTRY_USES_OUTBOX) == 0) return;
  for (const config::OptionSpec& option : handler->options) {
    if (option.type != config::OptionType::database) continue;
    Database* database = database_of(route, option.name, databases);
    if (database != nullptr) add_outbox(*database);
  }
}

std::vector<DatabaseMigrations> listed(const Databases& databases) {
  std::vector<DatabaseMigrations> list;
  for (const auto& [name, database] : databases) {
    DatabaseMigrations one{name, database.dsn, {}};
    for (const auto& [id, migration] : database.migrations) one.migrations.push_back(migration);
    list.push_back(std::move(one));
  }
  return list;
}

}  // namespace

std::vector<DatabaseMigrations> migrations_of(const config::Route& route,
                                              const config::Catalog& catalog) {
  Databases databases;
  add(route, catalog, databases);
  return listed(databases);
}

std::vector<DatabaseMigrations> migrations_of(const config::Config& config,
                                              const config::Catalog& catalog) {
  Databases databases;
  for (const config::Route& route : config.routes) add(route, catalog, databases);
  for (const std::string& name : config.outbox_databases) {
    const auto configured = config.databases.find(name);
    if (configured == config.databases.end()) continue;  // refused by validate
    Database& database = databases[name];
    database.dsn = configured->second.dsn;
    add_outbox(database);
  }
  return listed(databases);
}

}  // namespace gantry::outbox
