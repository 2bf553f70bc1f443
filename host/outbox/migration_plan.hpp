// Which migrations of which plugins belong into which database: from the configuration and the
// libraries' constant data, without asking any database. Pure.
#pragma once

#include <string>
#include <vector>

#include "config/catalog.hpp"
#include "config/model.hpp"

namespace gantry::outbox {

// What owns the table gantry_outbox in gantry_migrations. No plugin may have this name.
inline constexpr const char* outbox_owner = "gantry";

struct Migration {
  std::string plugin;  // with spec.number its name in the database
  config::MigrationSpec spec;
};

struct DatabaseMigrations {
  std::string database;               // NAME of [database.NAME]
  std::string dsn;                    // secret
  std::vector<Migration> migrations;  // by plugin and number, each once
};

// Of a validated route's handler, with gantry_outbox where it uses the outbox; empty when it has
// none.
std::vector<DatabaseMigrations> migrations_of(const config::Route& route,
                                              const config::Catalog& catalog);

// Of all routes, and gantry_outbox in each database of [outbox].
std::vector<DatabaseMigrations> migrations_of(const config::Config& config,
                                              const config::Catalog& catalog);

}  // namespace gantry::outbox
