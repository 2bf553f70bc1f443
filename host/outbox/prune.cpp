#include "outbox/prune.hpp"

#include <algorithm>
#include <pqxx/pqxx>

#include "outbox/migration_plan.hpp"
#include "outbox/parameters.hpp"
#include "outbox/sql.hpp"

namespace gantry::outbox {
namespace {

// saved_orders, orders and coupons are nobody's to delete here: they are what the handlers are for.
// A request that a coupon was made of stays as long as the coupon, which refers to it.
const std::vector<Prunable>& known() {
  static const std::vector<Prunable> list = {
      {"alert", 1, "notifications", "sent or failed",
       "created_at < now() - make_interval(secs => $1) AND state <> 'SENDING'"},
      {"coupon-issuer", 1, "coupon_requests", "of ended campaigns, without a coupon",
       "requested_at < now() - make_interval(secs => $1) AND NOT EXISTS (SELECT FROM coupons AS c "
       "WHERE c.coupon_id = coupon_requests.coupon_id AND c.user_id = coupon_requests.user_id) AND "
       "EXISTS (SELECT FROM coupon_types AS t WHERE t.coupon_id = coupon_requests.coupon_id AND "
       "(t.status = 'CLOSED' OR t.valid_until < now() - make_interval(secs => $1)))"}};
  return list;
}

bool is_applied(pqxx::work& work, const Prunable& what) {
  if (work.exec("SELECT to_regclass('gantry_migrations')")[0][0].is_null()) return false;
  return !work.exec("SELECT FROM gantry_migrations WHERE plugin = " + work.quote(what.plugin) +
                    " AND number = " + std::to_string(what.migration))
              .empty();
}

// The routes of a plugin that keep their rows in this database.
std::vector<std::string> routes_of(const config::Config& config, const config::Catalog& catalog,
                                   const std::string& plugin, const std::string& database) {
  std::vector<std::string> names;
  for (const config::Route& route : config.routes) {
    const config::HandlerSpec* handler = config::find_handler(catalog, route.handler);
    const bool here = std::ranges::any_of(
        route.settings, [&](const auto& entry) { return entry.second.database == database; });
    if (handler != nullptr && handler->plugin == plugin && here) names.push_back(route.name);
  }
  return names;
}

}  // namespace

std::vector<PrunableTable> prunable_tables(const config::Config& config,
                                           const config::Catalog& catalog) {
  std::vector<PrunableTable> tables;
  for (const DatabaseMigrations& database : migrations_of(config, catalog)) {
    for (const Prunable& what : known()) {
      const bool has = std::ranges::any_of(database.migrations, [&](const Migration& migration) {
        return migration.plugin == what.plugin && migration.spec.number == what.migration;
      });
      if (has)
        tables.push_back({database.database, database.dsn, what,
                          routes_of(config, catalog, what.plugin, database.database)});
    }
  }
  return tables;
}

std::uint64_t prune(const PrunableTable& table, std::chrono::seconds older_than, bool only_count) {
  const Prunable& what = table.what;
  return with_connection(
      table.dsn, "pruning " + what.table, [&](pqxx::connection& connection) -> std::uint64_t {
        pqxx::work work(connection);
        if (!is_applied(work, what)) return 0;
        const std::string where = " FROM " + what.table + " WHERE " + what.condition;
        if (only_count)
          return execute(work, "SELECT count(*)" + where, older_than.count())[0][0]
              .as<std::uint64_t>();
        const auto deleted = execute(work, "DELETE" + where, older_than.count()).affected_rows();
        work.commit();
        return static_cast<std::uint64_t>(deleted);
      });
}

}  // namespace gantry::outbox
