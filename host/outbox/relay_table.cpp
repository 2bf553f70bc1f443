#include "outbox/relay_table.hpp"

#include <pqxx/pqxx>
#include <utility>

#include "outbox/relay_sql.hpp"
#include "outbox/sql.hpp"

namespace gantry::outbox {
namespace {

constexpr const char* kReading = "reading gantry_outbox";

// The table's own lock in this database; the first number tells it from other programs' locks.
constexpr const char* kTake =
    "SELECT pg_try_advisory_lock(1196577881, 'gantry_outbox'::regclass::oid::int)";
constexpr const char* kUnlock =
    "SELECT pg_advisory_unlock(1196577881, 'gantry_outbox'::regclass::oid::int)";

void settings(pqxx::connection& connection) {
  pqxx::nontransaction work(connection);
  // A delete that a crash of the database undoes is a record published twice, which may happen
  // anyway; waiting for the disk each time costs more than all the rest.
  work.exec("SET synchronous_commit TO off");
  // A relay that is cut off from the database must lose its lock before long.
  work.exec("SET tcp_keepalives_idle TO 5");
  work.exec("SET tcp_keepalives_interval TO 2");
  work.exec("SET tcp_keepalives_count TO 3");
  work.exec("SET tcp_user_timeout TO 10000");
  work.exec("SET idle_in_transaction_session_timeout TO 0");
}

}  // namespace

struct RelayTable::Connection {
  explicit Connection(const std::string& dsn) : pqxx(connect(dsn)) {}
  std::unique_ptr<pqxx::connection> pqxx;
};

RelayTable::RelayTable(const std::string& dsn, std::string host, std::string process,
                       MakeLetter letter)
    : host_(std::move(host)),
      process_(std::move(process)),
      letter_(std::move(letter)),
      connection_(std::make_unique<Connection>(dsn)) {
  during("setting the relay's connection up", [&] {
    settings(*connection_->pqxx);
    prepare_relay(*connection_->pqxx);
  });
}

RelayTable::~RelayTable() = default;

RelayTable::Taken RelayTable::take() {
  return during("becoming the relay of gantry_outbox", [&] {
    pqxx::work work(*connection_->pqxx);
    if (!work.exec(kTake)[0][0].as<bool>()) return Taken::other;
    const pqxx::result before = work.exec("SELECT process, released FROM gantry_relay");
    const bool unclean =
        !before.empty() && before[0][0].as<std::string>() != process_ && !before[0][1].as<bool>();
    work.exec("INSERT INTO gantry_relay (host, process) VALUES (" + work.quote(host_) + ", " +
              work.quote(process_) +
              ") ON CONFLICT (singleton) DO UPDATE SET host = excluded.host, process = "
              "excluded.process, since = now(), released = false");
    work.commit();
    return unclean ? Taken::unclean : Taken::clean;
  });
}

void RelayTable::release() {
  during("giving gantry_outbox up", [&] {
    pqxx::work work(*connection_->pqxx);
    work.exec("UPDATE gantry_relay SET released = true WHERE process = " + work.quote(process_));
    work.commit();
    pqxx::nontransaction unlock(*connection_->pqxx);
    unlock.exec(kUnlock);
  });
}

std::vector<OutboxRow> RelayTable::exchange(const RelayResults& results,
                                            const RelayLedger::Exclusions& without,
                                            std::size_t rows, std::size_t bytes) {
  return during(kReading, [&] {
    if (results.empty() && rows > 0) {  // one trip: somebody may wait for these
      pqxx::nontransaction alone(*connection_->pqxx);
      return read_rows(alone, without, rows, bytes);
    }
    pqxx::work work(*connection_->pqxx);
    if (!results.acknowledged.empty()) delete_rows(work, results.acknowledged);
    if (!results.failed.empty()) note_failures(work, results.failed);
    for (const RelayResults::Failure& one : results.refused) bury_row(work, one, letter_);
    std::vector<OutboxRow> next;
    if (rows > 0) next = read_rows(work, without, rows, bytes);
    work.commit();
    return next;
  });
}

Backlog RelayTable::backlog() {
  return during(kReading, [&] {
    pqxx::work work(*connection_->pqxx);
    return count_rows(work);
  });
}

}  // namespace gantry::outbox
