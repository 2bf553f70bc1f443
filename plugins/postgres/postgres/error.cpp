#include "error.hpp"

#include <pqxx/pqxx>

#include "sqlstate.hpp"

namespace postgres {
namespace {

constexpr std::size_t longest_name = 63;  // NAMEDATALEN - 1
constexpr std::size_t longest_line = 200;

template <class Error>
bool is(const std::exception& error) {
  return dynamic_cast<const Error*>(&error) != nullptr;
}

}  // namespace

std::optional<std::string> sqlstate_of(const std::exception& error) {
  if (const auto* sql = dynamic_cast<const pqxx::sql_error*>(&error)) {
    if (!sql->sqlstate().empty()) return sql->sqlstate();
  }
  // libpqxx 6 tells these by class alone.
  if (is<pqxx::insufficient_privilege>(error)) return "42501";
  if (is<pqxx::deadlock_detected>(error)) return "40P01";
  if (is<pqxx::serialization_failure>(error)) return "40001";
  if (is<pqxx::statement_completion_unknown>(error)) return "40003";
  if (is<pqxx::transaction_rollback>(error)) return "40000";
  if (is<pqxx::too_many_connections>(error)) return "53300";
  return std::nullopt;
}

std::string constraint_of(std::string_view message) {
  constexpr std::string_view before = "constraint \"";
  const auto start = message.substr(0, message.find('\n')).rfind(before);
  if (start == std::string_view::npos) return {};
  const std::string_view rest = message.substr(start + before.size());
  const std::string_view name = rest.substr(0, rest.find('"'));
  return name.size() > longest_name ? std::string{} : std::string(name);
}

outcome::Failure describe(const std::exception& error, bool connected) {
  using outcome::Remedy;
  if (const auto state = sqlstate_of(error)) {
    const std::string constraint = constraint_of(error.what());
    return {
        remedy_for(*state),
        "database: SQLSTATE " + *state + (constraint.empty() ? "" : ", constraint " + constraint),
        "sqlstate." + *state};
  }
  // In doubt is a commit whose answer was lost: it is done again, and finds its own rows.
  if (!connected || is<pqxx::broken_connection>(error) || is<pqxx::in_doubt_error>(error)) {
    return {Remedy::unavailable, "database: the connection was lost", "database.connection"};
  }
  return {Remedy::retry, "database: the client library failed without a SQLSTATE",
          "database.client"};
}

outcome::Failure describe_no_connection(const std::exception& error) {
  std::string_view line = error.what();
  line = line.substr(0, line.find('\n')).substr(0, longest_line);
  return {outcome::Remedy::unavailable, "database: can't connect: " + std::string(line),
          "database.connection"};
}

}  // namespace postgres
