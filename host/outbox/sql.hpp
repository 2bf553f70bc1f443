// Connecting, and turning libpqxx's exceptions into this folder's own, without any part of a dsn.
// Internal to outbox/.
#pragma once

#include <memory>
#include <pqxx/pqxx>
#include <string>

#include "outbox/database_error.hpp"

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
  } catch (const DatabaseRefused& error) {
    throw DatabaseRefused(what + ": " + error.what());
  }
}

std::unique_ptr<pqxx::connection> connect(const std::string& dsn);

template <typename Action>
auto with_connection(const std::string& dsn, const std::string& what, const Action& action) {
  const std::unique_ptr<pqxx::connection> connection = connect(dsn);
  try {
    return action(*connection);
  } catch (const pqxx::broken_connection& error) {
    throw DatabaseUnavailable(what + ": the connection is gone: " + error.what());
  } catch (const pqxx::sql_error& error) {
    rethrow(what, error);
  }
}

}  // namespace gantry::outbox
