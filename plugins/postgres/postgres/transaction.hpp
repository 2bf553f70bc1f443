// One transaction whose statements share trips to the server: those that answer nothing wait for
// the next one that does, or for the commit. A trip costs a small batch more than most of what it
// asks. READ COMMITTED, so that each statement sees what was committed before it, also behind
// others on the same trip. Works with libpqxx 6.4 and 7. One thread, within Connection::run().
#pragma once

#include <gantry/outbox.hpp>
#include <pqxx/pqxx>
#include <string>
#include <string_view>

namespace postgres {

class Transaction {
 public:
  // Sends nothing.
  explicit Transaction(pqxx::connection& connection);
  // Rolls back what was not committed.
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  std::string quote(const std::string& text) const { return session_.quote(text); }

  // Any statement but COPY, without a semicolon at its end. An error in it is thrown by what sends
  // it.
  void defer(std::string_view statement);
  // What the statement answers. Throws as libpqxx does; then nothing but the destructor is left.
  pqxx::result exec(std::string_view statement);
  // All of them, in their order.
  void insert(const gantry::OutboxRows& rows);
  void commit();

 private:
  pqxx::result send();

  pqxx::nontransaction session_;
  std::string waiting_;  // not sent yet
  bool begun_ = false;   // something was sent
  bool committed_ = false;
};

}  // namespace postgres
