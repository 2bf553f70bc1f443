// The relay's statements, each in the caller's transaction. Internal to outbox/.
#pragma once

#include <pqxx/pqxx>
#include <string>
#include <vector>

#include "outbox/relay_table.hpp"

namespace gantry::outbox {

// What row_of() reads, in its order, and how many these are.
inline constexpr const char* kRowColumns =
    "id, kind, route, topic, partition, key, value, headers, "
    "(extract(epoch FROM created_at) * 1000)::bigint";
inline constexpr int kRowFields = 9;
OutboxRow row_of(const pqxx::row& fields);

void prepare_relay(pqxx::connection& connection);

std::vector<OutboxRow> read_rows(pqxx::transaction_base& work,
                                 const RelayLedger::Exclusions& without, std::size_t rows,
                                 std::size_t bytes);
void delete_rows(pqxx::work& work, const std::vector<RelayLedger::Id>& ids);
void note_failures(pqxx::work& work, const std::vector<RelayResults::Failure>& failures);
// A record becomes its dead letter, another row; a dead letter stays, and is held.
void bury_row(pqxx::work& work, const RelayResults::Failure& refusal,
              const RelayTable::MakeLetter& letter);
// The row of a dead letter.
void insert_letter(pqxx::work& work, const std::string& route, const route::OutRecord& letter);
Backlog count_rows(pqxx::work& work);

}  // namespace gantry::outbox
