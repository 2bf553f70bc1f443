// The schema of the plugins' tables in one database: what is applied, what is missing, and applying
// it. Known there by (plugin, number) in the table gantry_migrations, with the SHA-256 of the SQL,
// so that a changed one shows. Every call opens a connection of its own and blocks as long as the
// database does (connect_timeout of the dsn). Any thread that may wait.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "outbox/database_error.hpp"
#include "outbox/migration_plan.hpp"

namespace gantry::outbox {

enum class MigrationState {
  applied,
  missing,
  changed  // applied, but its SQL was another one then: append a new number instead of changing it
};

struct MigrationStatus {
  std::string plugin;
  std::uint32_t number = 0;
  std::string name;
  MigrationState state = MigrationState::missing;
  std::string applied_at;  // as PostgreSQL writes it; empty when missing
};

// Each of them, in the same order. Reads only.
std::vector<MigrationStatus> migration_status(const std::string& dsn,
                                              const std::vector<Migration>& migrations);

// Those that are missing or changed: while there are any, what needs them is not ready. Reads only.
std::vector<MigrationStatus> missing_migrations(const std::string& dsn,
                                                const std::vector<Migration>& migrations);

// "order-saver 1 create_saved_orders"
std::string named(const MigrationStatus& migration);

// Applies the missing ones in order, one transaction each, under an advisory lock, so that two
// hosts do not collide. Stops at the first failure; those before it stay. Refuses to begin when one
// is changed. Returns how many it applied.
int apply_migrations(const std::string& dsn, const std::vector<Migration>& migrations,
                     const std::function<void(const Migration&)>& applied);

// Whether libpq understands it. Connects to nothing.
bool is_connection_string(const std::string& dsn);

}  // namespace gantry::outbox
