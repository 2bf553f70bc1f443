// The relay's side of gantry_outbox and gantry_relay in one database: one connection, which holds
// the lock that makes its host the relay, reads, and deletes. Every call blocks as long as the
// database does and throws DatabaseUnavailable or DatabaseRefused; after either the object is to be
// thrown away, and with it the lock. The relay's thread.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "outbox/outbox_row.hpp"
#include "outbox/relay_ledger.hpp"
#include "route/message/publisher.hpp"

namespace gantry::outbox {

// What became of rows that were published.
struct RelayResults {
  using Id = RelayLedger::Id;
  struct Failure {
    Id id;
    std::string error;
  };
  std::vector<Id> acknowledged;
  std::vector<Failure> failed;   // for now
  std::vector<Failure> refused;  // for good

  bool empty() const { return acknowledged.empty() && failed.empty() && refused.empty(); }
};

struct Backlog {
  std::int64_t rows = 0;  // not held; counted up to kCounted
  std::int64_t held = 0;  // need a person: refused for good, also as dead letters
  double oldest_seconds = 0;

  static constexpr std::int64_t kCounted = 10'000;
};

class RelayTable {
 public:
  // The dead letter of a row that was refused; nullopt: none can be made of it, it is held.
  using MakeLetter =
      std::function<std::optional<route::OutRecord>(const OutboxRow&, const std::string& error)>;

  // Connects. host: this host's name; process: of this run alone.
  RelayTable(const std::string& dsn, std::string host, std::string process, MakeLetter letter);
  ~RelayTable();

  // unclean: the one before this one did not end in order, so that its last records may still be
  // on their way. other: another host is the relay.
  enum class Taken { other, clean, unclean };
  Taken take();
  // In order: nothing is on its way any more.
  void release();

  // What became of the last rows, then the next ones by id, in one transaction. At most `rows` of
  // them and about `bytes`, at least one.
  std::vector<OutboxRow> exchange(const RelayResults& results,
                                  const RelayLedger::Exclusions& without, std::size_t rows,
                                  std::size_t bytes);
  Backlog backlog();

 private:
  struct Connection;

  const std::string host_;
  const std::string process_;
  const MakeLetter letter_;
  std::unique_ptr<Connection> connection_;
};

}  // namespace gantry::outbox
