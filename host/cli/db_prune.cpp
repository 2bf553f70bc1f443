// gantry db prune
#include <algorithm>
#include <iostream>
#include <memory>
#include <set>
#include <stdexcept>

#include "cli/action_log.hpp"
#include "cli/commands.hpp"
#include "cli/exit_code.hpp"
#include "cli/retention.hpp"
#include "cli/time_text.hpp"
#include "outbox/prune.hpp"
#include "service/prepare.hpp"

namespace gantry::cli {
namespace {

constexpr std::chrono::seconds kAnswerWithin{10};

struct Options {
  std::filesystem::path config;
  std::string database;  // empty: all
  std::string older_than;
  bool dry_run = false;
  bool force = false;
};

std::vector<config::Route> routes_of(const config::Config& config,
                                     const std::vector<outbox::PrunableTable>& tables) {
  std::set<std::string> names;
  for (const outbox::PrunableTable& table : tables)
    names.insert(table.routes.begin(), table.routes.end());
  std::vector<config::Route> routes;
  for (const config::Route& route : config.routes)
    if (names.contains(route.name) && !route.topics.empty()) routes.push_back(route);
  return routes;
}

// Throws where a message may still come for which a row would be gone: the handler would do its
// work a second time.
void refuse_too_young(const config::Config& config, const std::vector<config::Route>& routes,
                      std::chrono::milliseconds older_than) {
  std::set<std::string> names;
  for (const config::Route& route : routes) names.merge(topics_of(route));
  const auto topics = [&] {
    try {
      return kafka::Admin(config).topics(names, kAnswerWithin);
    } catch (const kafka::AdminError& error) {
      throw std::runtime_error(std::string(error.what()) +
                               "\nHow long messages are kept is not known without the brokers; "
                               "--force does without.");
    }
  }();
  for (const config::Route& route : routes) {
    const Retention retention = retention_of(route, topics);
    if (!retention.known)
      throw std::runtime_error("messages of route \"" + route.name +
                               "\" may come again at any time: kept " + retention.text +
                               ". --force prunes all the same.");
    if (older_than < retention.time)
      throw std::runtime_error(
          "messages of route \"" + route.name + "\" may come again for " +
          age_text(retention.time) + " (" + retention.text + "): take --older-than " +
          std::to_string(std::chrono::ceil<std::chrono::days>(retention.time).count()) +
          "d or more. --force prunes all the same.");
  }
}

int prune(const Options& options) {
  const service::Prepared prepared = service::prepare(options.config, service::Copies::anywhere);
  auto tables = outbox::prunable_tables(prepared.config, prepared.plugins.catalog());
  if (!options.database.empty()) {
    if (!prepared.config.databases.contains(options.database))
      throw std::runtime_error("there is no [database." + options.database + "] in " +
                               options.config.string());
    std::erase_if(tables, [&](const auto& one) { return one.database != options.database; });
  }
  const std::chrono::milliseconds older_than = *parse_age(options.older_than);
  const auto routes = routes_of(prepared.config, tables);
  if (!options.force && !routes.empty()) refuse_too_young(prepared.config, routes, older_than);
  for (const outbox::PrunableTable& table : tables) {
    const std::uint64_t count = [&] {
      try {
        return outbox::prune(table, std::chrono::floor<std::chrono::seconds>(older_than),
                             options.dry_run);
      } catch (const std::runtime_error& error) {
        throw std::runtime_error("database " + table.database + ": " + error.what());
      }
    }();
    std::cout << table.database << "  " << table.what.table << " (" << table.what.rows
              << "): " << (options.dry_run ? "would delete " : "deleted ") << count << '\n';
    if (!options.dry_run)
      log_action("rows pruned", {{"by", who()},
                                 {"database", table.database},
                                 {"table", table.what.table},
                                 {"older_than", options.older_than},
                                 {"force", options.force},
                                 {"rows", count}});
  }
  if (tables.empty()) std::cout << "no table of these routes is ever pruned\n";
  return kDone;
}

}  // namespace

void add_db_prune(CLI::App& db, Action& action) {
  CLI::App* command =
      db.add_subcommand("prune",
                        "Delete old notifications and coupon requests, which only matter as long "
                        "as their messages may come again; no other table is touched");
  const auto options = std::make_shared<Options>();
  add_config_option(*command, options->config);
  command->add_option("--database", options->database, "Only this [database.NAME]")
      ->type_name("NAME");
  command
      ->add_option("--older-than", options->older_than,
                   "90d: not less than the topics keep a message")
      ->type_name("AGE")
      ->required()
      ->check([](const std::string& text) {
        return parse_age(text) ? "" : "\"" + text + "\" is no age: write 90d or 2160h";
      });
  command->add_flag("--dry-run", options->dry_run, "Count the rows and delete none");
  command->add_flag("--force", options->force, "Without regard to what the topics keep");
  command->footer("Example: gantry db prune --older-than 90d --dry-run");
  command->callback([options, &action] { action = [options] { return prune(*options); }; });
}

}  // namespace gantry::cli
