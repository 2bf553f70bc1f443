#include "outbox/held_rows.hpp"

#include <pqxx/pqxx>

#include "outbox/relay_sql.hpp"
#include "outbox/sql.hpp"

namespace gantry::outbox {
namespace {

// Numbers, so that nothing has to be quoted.
std::string in_list(const std::vector<std::int64_t>& ids) {
  std::string list;
  for (const std::int64_t id : ids) list += (list.empty() ? "" : ", ") + std::to_string(id);
  return "id IN (" + list + ")";
}

std::string where(const pqxx::work& work, const HeldFilter& filter) {
  std::string text = " WHERE held";
  if (!filter.ids.empty()) text += " AND " + in_list(filter.ids);
  if (!filter.route.empty()) text += " AND route = " + work.quote(filter.route);
  if (!filter.topic.empty()) text += " AND topic = " + work.quote(filter.topic);
  return text;
}

// The condition looks once more: somebody else may have been faster.
std::size_t change(const std::string& dsn, const std::string& what, const std::string& statement,
                   const std::vector<std::int64_t>& ids) {
  if (ids.empty()) return 0;
  return with_connection(dsn, what, [&](pqxx::connection& connection) {
    pqxx::work work(connection);
    const auto changed = work.exec(statement + " WHERE held AND " + in_list(ids)).affected_rows();
    work.commit();
    return static_cast<std::size_t>(changed);
  });
}

}  // namespace

std::vector<HeldRow> held_rows(const std::string& dsn, const HeldFilter& filter) {
  return with_connection(dsn, "reading gantry_outbox", [&](pqxx::connection& connection) {
    pqxx::work work(connection);
    const pqxx::result found = work.exec(
        std::string("SELECT ") + kRowColumns +
        ", attempts, coalesce(last_error, '') FROM gantry_outbox" + where(work, filter) +
        " ORDER BY id" + (filter.limit != 0 ? " LIMIT " + std::to_string(filter.limit) : ""));
    std::vector<HeldRow> rows;
    for (const auto& fields : found)
      rows.push_back(
          {row_of(fields), fields[kRowFields].as<std::int32_t>(), fields[kRowFields + 1].c_str()});
    return rows;
  });
}

Backlog outbox_backlog(const std::string& dsn) {
  return with_connection(dsn, "reading gantry_outbox", [&](pqxx::connection& connection) {
    pqxx::work work(connection);
    return count_rows(work);
  });
}

std::size_t release_held(const std::string& dsn, const std::vector<std::int64_t>& ids) {
  return change(dsn, "releasing rows of gantry_outbox", "UPDATE gantry_outbox SET held = false",
                ids);
}

std::size_t delete_held(const std::string& dsn, const std::vector<std::int64_t>& ids) {
  return change(dsn, "deleting rows of gantry_outbox", "DELETE FROM gantry_outbox", ids);
}

}  // namespace gantry::outbox
