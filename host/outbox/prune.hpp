// Rows of the shipped plugins' tables that only matter as long as their messages may come again:
// which these are, and deleting the old ones. A plugin can't declare them (the plugin ABI 1.0 has
// no place for it), so that they are listed here by the migration that makes their table; tables of
// other plugins, and rows that are somebody's data, are never touched. Deleting opens a connection
// of its own and blocks as long as the database does.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "config/catalog.hpp"
#include "config/model.hpp"
#include "outbox/database_error.hpp"

namespace gantry::outbox {

struct Prunable {
  std::string plugin;
  std::uint32_t migration = 0;  // that makes the table
  std::string table;
  std::string rows;       // which, for people
  std::string condition;  // SQL, with $1 for the age in seconds
};

struct PrunableTable {
  std::string database;  // NAME of [database.NAME]
  std::string dsn;       // secret
  Prunable what;
  std::vector<std::string> routes;  // whose messages the rows are for
};

// Of a validated configuration's databases. Pure.
std::vector<PrunableTable> prunable_tables(const config::Config& config,
                                           const config::Catalog& catalog);

// How many rows are older, and deletes them unless `only_count`; by the database's clock. 0 also
// where the migration is not applied.
std::uint64_t prune(const PrunableTable& table, std::chrono::seconds older_than, bool only_count);

}  // namespace gantry::outbox
