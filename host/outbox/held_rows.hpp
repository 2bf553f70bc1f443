// The rows of one database's gantry_outbox that wait for a person: the brokers refuse them, and
// their dead letters, for good. For commands: each call opens a connection of its own and blocks as
// long as the database does; it throws DatabaseUnavailable or DatabaseRefused.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "outbox/database_error.hpp"
#include "outbox/outbox_row.hpp"
#include "outbox/relay_table.hpp"

namespace gantry::outbox {

struct HeldRow {
  OutboxRow row;
  std::int32_t attempts = 0;
  std::string error;
};

struct HeldFilter {
  std::vector<std::int64_t> ids{};  // empty: all
  std::string route{};
  std::string topic{};
  std::size_t limit = 0;  // the oldest so many; 0: all
};

std::vector<HeldRow> held_rows(const std::string& dsn, const HeldFilter& filter);
Backlog outbox_backlog(const std::string& dsn);

// Both give how many they found still held.
// The relay publishes them once more, in the place of their ids.
std::size_t release_held(const std::string& dsn, const std::vector<std::int64_t>& ids);
std::size_t delete_held(const std::string& dsn, const std::vector<std::int64_t>& ids);

}  // namespace gantry::outbox
