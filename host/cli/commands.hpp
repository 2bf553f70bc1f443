// The subcommands: each declares its options on the parser and, when it is the one, leaves what to
// do in `action`. The main thread's.
#pragma once

#include <CLI/CLI.hpp>
#include <filesystem>
#include <functional>

namespace gantry::cli {

using Action = std::function<int()>;  // gives the exit code; throws config::Invalid and others

void add_check(CLI::App& app, Action& action);
void add_control(CLI::App& app, Action& action);
void add_db(CLI::App& app, Action& action);
void add_db_prune(CLI::App& db, Action& action);
void add_demo(CLI::App& app, Action& action);
void add_dev(CLI::App& app, Action& action);
void add_dlq(CLI::App& app, Action& action);
void add_enable(CLI::App& app, Action& action);  // and disable
void add_lag(CLI::App& app, Action& action);
void add_new_plugin(CLI::App& app, Action& action);
void add_outbox(CLI::App& app, Action& action);
void add_plugins(CLI::App& app, Action& action);
void add_run(CLI::App& app, Action& action);
void add_status(CLI::App& app, Action& action);
void add_top(CLI::App& app, Action& action);

// --config FILE, with the packages' place as default.
void add_config_option(CLI::App& command, std::filesystem::path& file);

}  // namespace gantry::cli
