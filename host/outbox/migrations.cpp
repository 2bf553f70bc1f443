#include "outbox/migrations.hpp"

#include <map>
#include <pqxx/pqxx>
#include <utility>

#include "outbox/sql.hpp"

namespace gantry::outbox {
namespace {

constexpr const char* kTable =
    "CREATE TABLE IF NOT EXISTS gantry_migrations ("
    "plugin text NOT NULL, number integer NOT NULL, name text NOT NULL, checksum text NOT NULL, "
    "applied_at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (plugin, number))";

struct Row {
  std::string checksum;
  std::string applied_at;
};
using Rows = std::map<std::pair<std::string, std::uint32_t>, Row>;

Rows rows_of(pqxx::work& work) {
  Rows rows;
  if (work.exec("SELECT to_regclass('gantry_migrations')")[0][0].is_null()) return rows;
  const pqxx::result result =
      work.exec("SELECT plugin, number, checksum, applied_at::text FROM gantry_migrations");
  for (const auto& row : result) {
    rows[{row[0].c_str(), row[1].as<std::uint32_t>()}] = {row[2].c_str(), row[3].c_str()};
  }
  return rows;
}

std::string checksum_expression(const pqxx::work& work, const std::string& sql) {
  return "encode(sha256(convert_to(" + work.quote(sql) + ", 'UTF8')), 'hex')";
}

MigrationStatus status_of(pqxx::work& work, const Rows& rows, const Migration& migration) {
  MigrationStatus status{migration.plugin, migration.spec.number, migration.spec.name,
                         MigrationState::missing, ""};
  const auto row = rows.find({migration.plugin, migration.spec.number});
  if (row == rows.end()) return status;
  status.applied_at = row->second.applied_at;
  const pqxx::result sum = work.exec("SELECT " + checksum_expression(work, migration.spec.sql));
  status.state =
      row->second.checksum == sum[0][0].c_str() ? MigrationState::applied : MigrationState::changed;
  return status;
}

std::vector<MigrationStatus> statuses(pqxx::work& work, const std::vector<Migration>& migrations) {
  const Rows rows = rows_of(work);
  std::vector<MigrationStatus> list;
  for (const Migration& migration : migrations) list.push_back(status_of(work, rows, migration));
  return list;
}

std::string transaction_id(pqxx::work& work) {
  return work.exec("SELECT txid_current()")[0][0].c_str();
}

// False: another host has applied it in the meantime.
bool apply_one(pqxx::connection& connection, const Migration& migration) {
  pqxx::work work(connection);
  lock_migrations(work);
  const MigrationStatus status = status_of(work, rows_of(work), migration);
  if (status.state != MigrationState::missing) return false;
  const std::string before = transaction_id(work);
  work.exec(migration.spec.sql);
  if (transaction_id(work) != before) {
    throw DatabaseRefused("it ends the transaction that it runs in: take COMMIT and ROLLBACK out");
  }
  work.exec("INSERT INTO gantry_migrations (plugin, number, name, checksum) VALUES (" +
            work.quote(migration.plugin) + ", " + std::to_string(migration.spec.number) + ", " +
            work.quote(migration.spec.name) + ", " + checksum_expression(work, migration.spec.sql) +
            ")");
  work.commit();
  return true;
}

}  // namespace

std::vector<MigrationStatus> migration_status(const std::string& dsn,
                                              const std::vector<Migration>& migrations) {
  return with_connection(dsn, "reading gantry_migrations", [&](pqxx::connection& connection) {
    pqxx::work work(connection);
    return statuses(work, migrations);
  });
}

std::vector<MigrationStatus> missing_migrations(const std::string& dsn,
                                                const std::vector<Migration>& migrations) {
  std::vector<MigrationStatus> all = migration_status(dsn, migrations);
  std::erase_if(all, [](const auto& one) { return one.state == MigrationState::applied; });
  return all;
}

std::string named(const MigrationStatus& migration) {
  return migration.plugin + " " + std::to_string(migration.number) + " " + migration.name;
}

int apply_migrations(const std::string& dsn, const std::vector<Migration>& migrations,
                     const std::function<void(const Migration&)>& applied) {
  return with_connection(dsn, "making gantry_migrations", [&](pqxx::connection& connection) {
    {
      pqxx::work work(connection);
      lock_migrations(work);
      work.exec(kTable);
      for (const MigrationStatus& status : statuses(work, migrations)) {
        if (status.state != MigrationState::changed) continue;
        throw DatabaseRefused("migration " + named(status) +
                              " was changed after it was applied at " + status.applied_at +
                              ": put the old text back and append a new number instead");
      }
      work.commit();
    }
    int count = 0;
    for (const Migration& migration : migrations) {
      const bool fresh =
          during("migration " + migration.plugin + " " + std::to_string(migration.spec.number) +
                     " " + migration.spec.name,
                 [&] { return apply_one(connection, migration); });
      if (!fresh) continue;
      ++count;
      applied(migration);
    }
    return count;
  });
}

}  // namespace gantry::outbox
