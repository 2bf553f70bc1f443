#include "support/postgres.hpp"

#include <algorithm>

#include "support/unique_name.hpp"

namespace gantry::test {

pqxx::result Database::execute(const std::string& sql) const {
  pqxx::connection connection(dsn_);
  pqxx::work work(connection);
  pqxx::result result = work.exec(sql);
  work.commit();
  return result;
}

Postgres& Postgres::shared() {
  static Postgres server{KeptService::shared("postgres.sh", "postgres")};
  return server;
}

Postgres::Postgres(const std::vector<std::string>& settings)
    : service_(KeptService::own("postgres.sh", settings)) {}

std::string Postgres::dsn(const std::string& database) const {
  return "host=127.0.0.1 port=" + service_.variable("port") + " user=postgres dbname=" + database;
}

std::string Postgres::socket_dsn(const std::string& database) const {
  return "host=" + service_.variable("socket") + " port=" + service_.variable("port") +
         " user=postgres dbname=" + database;
}

Database Postgres::create_database() {
  std::string name = unique_name("test");
  std::replace(name.begin(), name.end(), '-', '_');
  pqxx::connection connection(dsn());
  pqxx::nontransaction(connection).exec("CREATE DATABASE " + name + " TEMPLATE template0");
  return Database(dsn(name));
}

void Postgres::stop(Shutdown mode) {
  service_.call("down", {mode == Shutdown::immediate ? "immediate" : "fast"});
}

void Postgres::start() { service_.call("up"); }

}  // namespace gantry::test
