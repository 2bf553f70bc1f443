// A real PostgreSQL for one test program (see postgres.sh). shared(): the one of the whole run;
// each test makes itself a database there. One of its own is for tests that stop it. Used on the
// test's thread; a Database may be used on several, since each statement has a connection of its
// own, which also lets it outlive a restart of the server.
#pragma once

#include <optional>
#include <pqxx/pqxx>
#include <string>
#include <vector>

#include "support/kept_service.hpp"

namespace gantry::test {

class Database {
 public:
  explicit Database(std::string dsn) : dsn_(std::move(dsn)) {}
  const std::string& dsn() const { return dsn_; }

  pqxx::result execute(const std::string& sql) const;  // one transaction; throws pqxx's exceptions
  // The one field of the one row.
  template <typename T>
  T value(const std::string& sql) const {
    return execute(sql).at(0).at(0).as<T>();
  }
  std::int64_t count(const std::string& table) const {
    return value<std::int64_t>("SELECT count(*) FROM " + table);
  }

 private:
  std::string dsn_;
};

class Postgres {
 public:
  enum class Shutdown { immediate, fast };

  static Postgres& shared();
  // settings: of postgresql.conf, "name=value"; fsync is off unless "fsync=on" is among them.
  explicit Postgres(const std::vector<std::string>& settings = {});

  std::string dsn(const std::string& database = "postgres") const;  // over TCP
  std::string socket_dsn(const std::string& database = "postgres") const;
  Database create_database();  // empty, with a name of its own; goes with the server

  void stop(Shutdown mode = Shutdown::fast);
  void start();  // on the same port, with the same data

 private:
  explicit Postgres(KeptService service) : service_(std::move(service)) {}

  KeptService service_;
};

}  // namespace gantry::test
