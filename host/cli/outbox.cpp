// gantry outbox list | show | retry | discard
#include <boost/json.hpp>
#include <iostream>
#include <memory>
#include <stdexcept>

#include "cli/action_log.hpp"
#include "cli/commands.hpp"
#include "cli/exit_code.hpp"
#include "cli/letter_text.hpp"
#include "cli/table.hpp"
#include "config/load.hpp"
#include "dlq/readable.hpp"
#include "outbox/held_rows.hpp"

namespace gantry::cli {
namespace {

namespace json = boost::json;

struct Options {
  std::filesystem::path config;
  std::string database;  // empty: all of [outbox]
  outbox::HeldFilter filter;
  bool all = false;
  bool dry_run = false;
  bool json = false;
  bool raw = false;
};

struct Database {
  std::string name;
  std::string dsn;
  std::vector<outbox::HeldRow> rows;
};

// What a database says of itself, with its name.
template <typename Work>
auto with_database(const std::string& name, const Work& work) {
  try {
    return work();
  } catch (const outbox::DatabaseRefused& error) {
    const bool no_table = std::string(error.what()).find("42P01") != std::string::npos;
    throw std::runtime_error("database " + name + ": " + error.what() +
                             (no_table ? "; run `gantry db apply`" : ""));
  } catch (const std::runtime_error& error) {
    throw std::runtime_error("database " + name + ": " + error.what());
  }
}

std::vector<Database> held(const Options& options) {
  const config::Config config = config::load(options.config);
  std::vector<Database> databases;
  for (const std::string& name : config.outbox_databases) {
    if (!options.database.empty() && options.database != name) continue;
    const auto configured = config.databases.find(name);
    if (configured == config.databases.end())
      throw std::runtime_error("[outbox] lists \"" + name + "\", and there is no [database." +
                               name + "]");
    databases.push_back({name, configured->second.dsn, {}});
  }
  if (databases.empty())
    throw std::runtime_error(options.database.empty()
                                 ? "no database is listed under [outbox]"
                                 : "\"" + options.database + "\" is not listed under [outbox]");
  if (!options.filter.ids.empty() && databases.size() > 1)
    throw std::runtime_error("each database counts its rows by itself: name one with --database");
  for (Database& one : databases)
    one.rows = with_database(one.name, [&] { return held_rows(one.dsn, options.filter); });
  return databases;
}

json::object row_json(const Database& database, const outbox::HeldRow& held) {
  json::object object{{"database", database.name},
                      {"id", held.row.id},
                      {"created", time_text(held.row.created_ms)},
                      {"kind", held.row.kind},
                      {"route", held.row.route},
                      {"topic", held.row.record.topic},
                      {"attempts", held.attempts},
                      {"error", held.error}};
  add_record_json(object, held.row.record);
  return object;
}

int list_rows(const Options& options) {
  json::array rows;
  Table table({"DATABASE", "ROW", "CREATED", "KIND", "ROUTE", "TOPIC", "KEY", "ERROR"});
  std::size_t count = 0;
  std::string waiting;
  for (const Database& database : held(options)) {
    for (const outbox::HeldRow& one : database.rows) {
      ++count;
      rows.push_back(row_json(database, one));
      table.row({database.name, std::to_string(one.row.id), time_text(one.row.created_ms),
                 one.row.kind, one.row.route, one.row.record.topic,
                 dlq::key_text(one.row.record.key), one.error});
    }
    const auto backlog =
        with_database(database.name, [&] { return outbox::outbox_backlog(database.dsn); });
    if (backlog.rows != 0)
      waiting += database.name + ": " + std::to_string(backlog.rows) +
                 " not held and on their way, the oldest for " +
                 std::to_string(static_cast<std::int64_t>(backlog.oldest_seconds)) + " s\n";
  }
  if (options.json) {
    std::cout << json::serialize(json::object{{"rows", std::move(rows)}}) << '\n';
    return kDone;
  }
  if (count == 0)
    std::cout << "no rows are held\n";
  else
    table.print(std::cout);
  std::cout << waiting;
  return kDone;
}

int show_row(const Options& options) {
  for (const Database& database : held(options)) {
    if (database.rows.empty()) continue;
    const outbox::HeldRow& one = database.rows.front();
    if (options.raw) {
      std::cout << one.row.record.value.value_or("");
    } else if (options.json) {
      std::cout << json::serialize(row_json(database, one)) << '\n';
    } else {
      std::cout << "row " << one.row.id << " of gantry_outbox in database " << database.name
                << '\n';
      print_field(std::cout, "since", time_text(one.row.created_ms));
      print_field(std::cout, "kind", one.row.kind);
      print_field(std::cout, "route", one.row.route);
      print_field(std::cout, "topic", one.row.record.topic);
      print_field(std::cout, "attempts", std::to_string(one.attempts));
      print_field(std::cout, "error", one.error);
      if (!one.row.readable) print_field(std::cout, "headers", "not what gantry/outbox.hpp writes");
      print_record(std::cout, one.row.record);
    }
    return kDone;
  }
  throw std::runtime_error("no such row is held");
}

// done: "released", "discarded"
int change_rows(const Options& options, const std::string& done, const char* logged,
                std::size_t (*change)(const std::string&, const std::vector<std::int64_t>&)) {
  const outbox::HeldFilter& filter = options.filter;
  if (filter.ids.empty() && filter.route.empty() && filter.topic.empty() && !options.all) {
    std::cerr << "gantry: say which: name rows, filter them (--route, --topic), or take --all\n";
    return kUsage;
  }
  std::size_t found = 0;
  std::size_t changed = 0;
  for (const Database& database : held(options)) {
    std::vector<std::int64_t> ids;
    for (const outbox::HeldRow& one : database.rows) ids.push_back(one.row.id);
    found += ids.size();
    if (options.dry_run || ids.empty()) continue;
    const std::size_t count =
        with_database(database.name, [&] { return change(database.dsn, ids); });
    changed += count;
    log_action(logged, {{"by", who()},
                        {"database", database.name},
                        {"route", filter.route},
                        {"topic", filter.topic},
                        {"named", filter.ids.size()},
                        {"rows", count}});
  }
  if (options.dry_run)
    std::cout << found << (found == 1 ? " row" : " rows") << " would be " << done << '\n';
  else
    std::cout << changed << " of " << found << (found == 1 ? " row " : " rows ") << done << '\n';
  return changed == found || options.dry_run ? kDone : kFailed;
}

int retry_rows(const Options& options) {
  return change_rows(options, "released", "outbox rows released", outbox::release_held);
}

int discard_rows(const Options& options) {
  return change_rows(options, "discarded", "outbox rows discarded", outbox::delete_held);
}

void add_changing(CLI::App& command, Options& options) {
  command.add_option("row", options.filter.ids, "Numbers of rows, as listed")->type_name("ROW");
  command.add_flag("--all", options.all, "Every row that is held");
  command.add_flag("--dry-run", options.dry_run, "Show how many it would be and do nothing");
}

}  // namespace

void add_outbox(CLI::App& app, Action& action) {
  CLI::App* command = app.add_subcommand(
      "outbox", "Rows of gantry_outbox that the brokers refuse: list, show, retry, discard");
  command->require_subcommand(1);
  const auto add = [&](const char* name, const char* help, int (*work)(const Options&),
                       const char* example) {
    CLI::App* one = command->add_subcommand(name, help);
    const auto options = std::make_shared<Options>();
    add_config_option(*one, options->config);
    one->add_option("--database", options->database, "Only this [database.NAME]")
        ->type_name("NAME");
    one->add_option("--route", options->filter.route, "Of this route")->type_name("NAME");
    one->add_option("--topic", options->filter.topic, "For this topic")->type_name("TOPIC");
    one->add_option("--limit", options->filter.limit, "The oldest so many; 0: all")->type_name("N");
    one->footer(std::string("Example: ") + example);
    one->callback(
        [options, work, &action] { action = [options, work] { return work(*options); }; });
    return std::pair(one, options);
  };
  const auto [list, list_options] =
      add("list", "Those that are held", list_rows, "gantry outbox list");
  list->add_flag("--json", list_options->json, "For programs");
  const auto [show, show_options] =
      add("show", "One of them, with headers and value: the one named, or the oldest", show_row,
          "gantry outbox show 41");
  show->add_option("row", show_options->filter.ids, "The number of a row")
      ->type_name("ROW")
      ->expected(0, 1);
  show->add_flag("--json", show_options->json, "For programs");
  show->add_flag("--raw", show_options->raw, "The value's bytes and nothing else");
  const auto [retry, retry_options] =
      add("retry", "Let the relay publish them once more, after what was wrong is mended",
          retry_rows, "gantry outbox retry --topic trace-topic");
  add_changing(*retry, *retry_options);
  const auto [discard, discard_options] = add("discard", "Delete them: their records are lost",
                                              discard_rows, "gantry outbox discard 41 42");
  add_changing(*discard, *discard_options);
  command->footer("Example: gantry outbox list");
}

}  // namespace gantry::cli
