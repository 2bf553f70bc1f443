// One handler instance's connection to PostgreSQL: made when it is first needed, closed after any
// error that it did not outlive, made again at the next call. Works with libpqxx 6.4 and 7. One
// thread at a time; never connects in its constructor.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <outcome/failure.hpp>
#include <pqxx/pqxx>
#include <string>

#include "watchdog.hpp"

namespace postgres {

struct Limits {
  std::chrono::milliseconds lock_wait{5000};   // for a row or table lock: SQLSTATE 55P03
  std::chrono::milliseconds statement{20000};  // by the server's clock: SQLSTATE 57014
  std::chrono::milliseconds answer{25000};  // by ours, for the work of one run(): a frozen server
};

class Connection {
 public:
  // Throws std::invalid_argument where libpq can't read the connection string.
  Connection(const std::string& connection_string, const std::string& application_name,
             Limits limits = {});

  // Runs the work with an open connection; one that the server ended meanwhile is replaced first.
  // Whatever is thrown becomes a failure; a transaction that was open is rolled back. nullopt:
  // done.
  std::optional<outcome::Failure> run(const std::function<void(pqxx::connection&)>& work);

 private:
  std::optional<outcome::Failure> connect();
  void set_limits();

  std::string connection_string_;
  Limits limits_;
  std::unique_ptr<pqxx::connection> connection_;
  Watchdog watchdog_;
};

}  // namespace postgres
