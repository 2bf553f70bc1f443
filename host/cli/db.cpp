// gantry db status | print | apply; prune is in db_prune.cpp
#include <iostream>
#include <memory>
#include <string>

#include "cli/commands.hpp"
#include "cli/exit_code.hpp"
#include "outbox/migrations.hpp"
#include "service/prepare.hpp"

namespace gantry::cli {
namespace {

struct Options {
  std::filesystem::path config;
  std::string database;  // empty: all
};

std::vector<outbox::DatabaseMigrations> plan(const Options& options) {
  const service::Prepared prepared = service::prepare(options.config, service::Copies::anywhere);
  std::vector<outbox::DatabaseMigrations> databases =
      outbox::migrations_of(prepared.config, prepared.plugins.catalog());
  if (options.database.empty()) return databases;
  if (!prepared.config.databases.contains(options.database)) {
    throw std::runtime_error("there is no [database." + options.database + "] in " +
                             options.config.string());
  }
  std::erase_if(databases, [&](const auto& one) { return one.database != options.database; });
  return databases;
}

const char* text_of(outbox::MigrationState state) {
  switch (state) {
    case outbox::MigrationState::applied:
      return "applied";
    case outbox::MigrationState::missing:
      return "missing";
    case outbox::MigrationState::changed:
      break;
  }
  return "changed";
}

// Says which database it was; the connection string is secret.
template <typename Work>
void with_database(const std::string& name, const Work& work) {
  try {
    work();
  } catch (const std::runtime_error& error) {
    throw std::runtime_error("database " + name + ": " + error.what());
  }
}

int status(const Options& options) {
  int code = kDone;
  for (const auto& database : plan(options)) {
    with_database(database.database, [&] {
      for (const auto& one : outbox::migration_status(database.dsn, database.migrations)) {
        std::cout << database.database << "  " << outbox::named(one) << "  " << text_of(one.state);
        if (!one.applied_at.empty()) std::cout << "  " << one.applied_at;
        std::cout << '\n';
        if (one.state != outbox::MigrationState::applied) code = kFailed;
        if (one.state == outbox::MigrationState::changed) {
          std::cerr << "gantry: database " << database.database << ": migration "
                    << outbox::named(one)
                    << " was changed after it was applied: put the old text back and append a "
                       "new number instead\n";
        }
      }
    });
  }
  return code;
}

int print(const Options& options) {
  for (const auto& database : plan(options)) {
    std::cout << "-- database " << database.database << '\n';
    for (const outbox::Migration& migration : database.migrations) {
      std::cout << "-- " << migration.plugin << " " << migration.spec.number << " "
                << migration.spec.name << '\n'
                << migration.spec.sql;
      if (!migration.spec.sql.ends_with('\n')) std::cout << '\n';
    }
  }
  return kDone;
}

int apply(const Options& options) {
  for (const auto& database : plan(options)) {
    with_database(database.database, [&] {
      const int count = outbox::apply_migrations(
          database.dsn, database.migrations, [&](const outbox::Migration& migration) {
            std::cout << database.database << "  applied " << migration.plugin << " "
                      << migration.spec.number << " " << migration.spec.name << std::endl;
          });
      if (count == 0) std::cout << database.database << "  nothing to apply\n";
    });
  }
  return kDone;
}

}  // namespace

void add_db(CLI::App& app, Action& action) {
  CLI::App* command = app.add_subcommand("db", "The tables of the plugins");
  command->require_subcommand(1);
  const auto add = [&](const char* name, const char* help, int (*work)(const Options&),
                       const char* example) {
    CLI::App* one = command->add_subcommand(name, help);
    const auto options = std::make_shared<Options>();
    add_config_option(*one, options->config);
    one->add_option("--database", options->database, "Only this [database.NAME]")
        ->type_name("NAME");
    one->footer(std::string("Example: ") + example);
    one->callback(
        [options, work, &action] { action = [options, work] { return work(*options); }; });
  };
  add("status", "Which migrations are applied; exit code 1 when one is missing or changed", status,
      "gantry db status");
  add("print", "The SQL of all migrations, in order", print, "gantry db print --database main");
  add("apply", "Apply the missing migrations, one transaction each", apply,
      "gantry db apply --config conf/gantry.toml");
  add_db_prune(*command, action);
  command->footer("Example: gantry db status");
}

}  // namespace gantry::cli
