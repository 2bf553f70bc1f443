// Connecting, and turning libpqxx's exceptions into this folder's own, without any part of a dsn.
// Internal to outbox/.
#pragma once

#include <memory>
#include <pqxx/pqxx>
#include <string>

#include "outbox/migrations.hpp"

namespace gantry::outbox {

// Waits until no other host migrates this database; let go with the transaction.
void lock_migrations(pqxx::work& work);

[[noreturn]] void rethrow(const std::string& what, const pqxx::sql_error& error);

// Runs `action`, and says in what comes out of it what was done.
template <typename Action>
auto during(const std::string& what, const Action& action) {
  try {
    return action();
  } catch (const pqxx::broken_connection& error) {
    throw DatabaseUnavailable(what + ": the connection is gone: " + error.what());
  } catch (const pqxx::sql_error& error) {
    rethrow(what, error);
  } catch (const MigrationFailed& error) {
    throw MigrationFailed(what + ": " + error.what());
  }
}

void open_quietly(pqxx::connection& connection);
[[noreturn]] void rethrow_connect(const std::string& dsn, const std::exception& error);

template <typename Action>
auto with_connection(const std::string& dsn, const std::string& what, const Action& action) {
  std::unique_ptr<pqxx::connection> connection;
  try {
    connection = std::make_unique<pqxx::connection>(dsn);
    open_quietly(*connection);
  } catch (const std::exception& error) {
    rethrow_connect(dsn, error);
  }
  try {
    return action(*connection);
  } catch (const pqxx::broken_connection& error) {
    throw DatabaseUnavailable(what + ": the connection is gone: " + error.what());
  } catch (const pqxx::sql_error& error) {
    rethrow(what, error);
  }
}

}  // namespace gantry::outbox
