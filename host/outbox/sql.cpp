#include "outbox/sql.hpp"

#include <libpq-fe.h>

#include <memory>

#include "outbox/migrations.hpp"

namespace gantry::outbox {
namespace {

constexpr const char* kLock = "29099049629153569";  // the bytes "gantry" and "!", for all hosts

std::string trimmed(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
  return text;
}

void open_quietly(pqxx::connection& connection) {
  pqxx::nontransaction work(connection);
  work.exec("SET client_min_messages TO warning");  // libpq writes notices to standard error
}

[[noreturn]] void rethrow_connect(const std::string& dsn, const std::exception& error) {
  // libpq quotes what it can't read of a connection string, which may be the password.
  if (!is_connection_string(dsn)) {
    throw DatabaseUnavailable("the dsn is not a connection string that libpq understands");
  }
  throw DatabaseUnavailable("cannot connect: " + trimmed(error.what()));
}

}  // namespace

std::unique_ptr<pqxx::connection> connect(const std::string& dsn) {
  try {
    auto connection = std::make_unique<pqxx::connection>(dsn);
    open_quietly(*connection);
    return connection;
  } catch (const std::exception& error) {
    rethrow_connect(dsn, error);
  }
}

void lock_migrations(pqxx::work& work) {
  work.exec(std::string("SELECT pg_advisory_xact_lock(") + kLock + ")");
}

void rethrow(const std::string& what, const pqxx::sql_error& error) {
  const std::string state = error.sqlstate();
  const std::string text =
      what + ": SQLSTATE " + (state.empty() ? "unknown" : state) + ": " + trimmed(error.what());
  // 08: connection, 57P: the server is being stopped
  if (state.starts_with("08") || state.starts_with("57P")) throw DatabaseUnavailable(text);
  throw DatabaseRefused(text);
}

bool is_connection_string(const std::string& dsn) {
  char* message = nullptr;
  const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> options(
      PQconninfoParse(dsn.c_str(), &message), PQconninfoFree);
  PQfreemem(message);
  return options != nullptr;
}

}  // namespace gantry::outbox
