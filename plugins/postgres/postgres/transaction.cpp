#include "transaction.hpp"

#include <utility>

namespace postgres {

Transaction::Transaction(pqxx::connection& connection)
    : session_{connection}, waiting_{"BEGIN ISOLATION LEVEL READ COMMITTED"} {}

Transaction::~Transaction() {
  if (!begun_ || committed_) return;
  try {
    session_.exec("ROLLBACK");
  } catch (const std::exception&) {
    // The connection is gone, and the transaction with it.
  }
}

void Transaction::defer(std::string_view statement) {
  if (!waiting_.empty()) waiting_ += "; ";
  waiting_ += statement;
}

pqxx::result Transaction::exec(std::string_view statement) {
  defer(statement);
  return send();
}

// libpq answers with the result of the last statement, or the error of the first that fails, behind
// which the server does none.
pqxx::result Transaction::send() {
  begun_ = true;
  return session_.exec(std::exchange(waiting_, {}));
}

void Transaction::insert(const gantry::OutboxRows& rows) {
  if (rows.empty()) return;
  if (const auto statement = rows.statement(session_)) return defer(*statement);
  if (!waiting_.empty()) send();
  rows.insert(session_);
}

void Transaction::commit() {
  defer("COMMIT");
  send();
  committed_ = true;
}

}  // namespace postgres
