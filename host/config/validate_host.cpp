// The host's own tables: its name, the databases, and the outbox.
#include <algorithm>

#include "config/nearest.hpp"
#include "config/validations.hpp"

namespace gantry::config {
namespace {

void validate_outbox(const Config& config, Problems& problems) {
  std::vector<std::string> names;
  for (const auto& [name, database] : config.databases) names.push_back(name);
  const Origin where = origin_of(config, "outbox.databases");
  std::vector<std::string> seen;
  for (const std::string& name : config.outbox_databases) {
    if (!config.databases.contains(name)) {
      problems.push_back({where, "there is no [database." + name + "]", suggestion(name, names)});
    }
    if (std::find(seen.begin(), seen.end(), name) != seen.end()) {
      problems.push_back({where, "\"" + name + "\" is listed twice", "list each database once"});
    }
    seen.push_back(name);
  }
}

}  // namespace

void validate_host(const Config& config, const Checks& checks, Problems& problems) {
  if (const std::string fault = name_fault(config.name); !fault.empty()) {
    problems.push_back(
        {origin_of(config, "name"), "\"" + config.name + "\" " + fault,
         "it becomes a part of group.instance.id: use letters, digits, \".\", \"_\" and \"-\""});
  }
  for (const auto& [name, database] : config.databases) {
    if (checks.dsn && !database.dsn.empty() && !checks.dsn(database.dsn)) {
      problems.push_back(
          {origin_of(config, joined(joined("database", name), "dsn"), database.origin),
           "is not a connection string that libpq understands",
           "write postgresql://USER@HOST:PORT/DATABASE or host=… dbname=…"});
    }
  }
  validate_outbox(config, problems);
}

}  // namespace gantry::config
