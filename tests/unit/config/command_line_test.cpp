// The built program: its exit codes, what it prints, and what it never prints. No broker, no
// database.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "unit/config/program.hpp"

namespace gantry::test {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr const char* kShipped = GANTRY_CONF "/gantry.toml";

TEST(CommandLine, tells_its_version) {
  const Ended ended = run_program({"--version"});
  EXPECT_EQ(ended.code, 0);
  EXPECT_THAT(ended.out, HasSubstr("gantry "));
}

TEST(CommandLine, ends_with_64_when_it_is_used_wrongly) {
  EXPECT_EQ(run_program({}).code, 64);
  EXPECT_EQ(run_program({"chekc"}).code, 64);
  EXPECT_EQ(run_program({"check", "--confg", "x"}).code, 64);
  EXPECT_EQ(run_program({"db"}).code, 64);
}

TEST(CommandLine, gives_help_for_every_subcommand) {
  for (const char* command : {"run", "check", "plugins", "db"}) {
    const Ended ended = run_program({command, "--help"});
    EXPECT_EQ(ended.code, 0) << command;
    EXPECT_THAT(ended.out, HasSubstr("Usage:")) << command;
  }
}

TEST(CommandLine, ends_with_78_and_all_errors_when_the_configuration_is_wrong) {
  const std::string file = GANTRY_FIXTURES "/bad/several_errors_at_once.toml";
  const Ended ended = run_program({"check", "--config", file});
  EXPECT_EQ(ended.code, 78);
  EXPECT_THAT(ended.out, IsEmpty());
  EXPECT_THAT(ended.err,
              AllOf(HasSubstr(file + ":6:13: memory_mb: expected an integer, found text"),
                    HasSubstr("unknown key"), HasSubstr("did you mean \"partitions\"?"),
                    HasSubstr("concurrency: 0 is out of range")));
}

TEST(CommandLine, does_not_start_with_a_wrong_configuration) {
  const Ended ended =
      run_program({"run", "--config", GANTRY_FIXTURES "/bad/several_errors_at_once.toml"});
  EXPECT_EQ(ended.code, 78);
  EXPECT_THAT(ended.err, HasSubstr("memory_mb: expected an integer"));
}

TEST(CommandLine, says_which_file_is_not_there) {
  const Ended ended = run_program({"check", "--config", "/nowhere/gantry.toml"});
  EXPECT_EQ(ended.code, 78);
  EXPECT_THAT(ended.err, HasSubstr("/nowhere/gantry.toml: cannot be read"));
}

TEST(CommandLine, checks_the_shipped_configuration_and_shows_its_wiring) {
  const Ended ended = run_program({"check", "--config", kShipped});
  ASSERT_EQ(ended.code, 0) << ended.err;
  EXPECT_THAT(ended.err, IsEmpty());
  EXPECT_THAT(ended.out,
              AllOf(HasSubstr("route order-saver\n"), HasSubstr("route alert\n"),
                    HasSubstr("trace-topic (3 partitions, 3 replicas)"),
                    HasSubstr("default-group-order-saver"), HasSubstr("of plugin order-saver "),
                    HasSubstr("DLQ-topic (3 partitions, 3 replicas), headers gantry, spring"),
                    HasSubstr("3 times after 1000 ms"), HasSubstr("order by key"),
                    HasSubstr("database = \"main\"")));
}

TEST(CommandLine, never_shows_a_secret) {
  const Ended ended = run_program({"check", "--config", kShipped},
                                  {"GANTRY_POSTGRES_DSN=postgresql://gantry:xyzzy@localhost/orders",
                                   "ALERTTALK_SENDER_KEY=xyzzy-key"});
  ASSERT_EQ(ended.code, 0) << ended.err;
  EXPECT_THAT(ended.out, HasSubstr("sender_key = (hidden)"));
  EXPECT_THAT(ended.out + ended.err, Not(HasSubstr("xyzzy")));
}

TEST(CommandLine, never_shows_a_connection_string_that_it_does_not_understand) {
  const Ended ended =
      run_program({"check", "--config", kShipped}, {"GANTRY_POSTGRES_DSN=password xyzzy"});
  EXPECT_EQ(ended.code, 78);
  EXPECT_THAT(ended.err, HasSubstr("database.main.dsn: is not a connection string"));
  EXPECT_THAT(ended.out + ended.err, Not(HasSubstr("xyzzy")));
}

TEST(CommandLine, needs_no_state_folder_to_check) {
  const Ended ended =
      run_program({"check", "--config", kShipped}, {"STATE_DIRECTORY=/proc/nowhere"});
  EXPECT_EQ(ended.code, 0) << ended.err;
}

TEST(CommandLine, reports_errors_of_files_and_of_settings_together) {
  const fs::path folder = fs::path(testing::TempDir()) / "gantry-check-together";
  fs::create_directories(folder / "routes.d");
  std::ofstream(folder / "gantry.toml") << "memory_mbb = 1\n[kafka]\n\"bootstrap.servers\" = "
                                           "\"localhost\"\n[[plugin]]\nlibrary = "
                                           "\"liborder-saver.so\"\n";
  std::ofstream(folder / "routes.d" / "a.toml")
      << "[[route]]\nname = \"a\"\nhandler = \"order-saver\"\ntopics = [\"orders\"]\n";
  const Ended ended = run_program({"check", "--config", (folder / "gantry.toml").string()});
  fs::remove_all(folder);
  EXPECT_EQ(ended.code, 78);
  EXPECT_THAT(ended.err, AllOf(HasSubstr("gantry.toml:1:1: memory_mbb: unknown key"),
                               HasSubstr("route[a].settings.database: is missing")));
}

TEST(CommandLine, lists_what_the_configured_plugins_offer) {
  const Ended ended = run_program({"plugins", "--config", kShipped});
  ASSERT_EQ(ended.code, 0) << ended.err;
  EXPECT_THAT(ended.out, AllOf(HasSubstr("handler order-saver: "),
                               HasSubstr("setting database (database's name, required)"),
                               HasSubstr("migration 1 "), HasSubstr("plugin ABI 1")));
}

TEST(CommandLine, lists_plugins_for_programs) {
  const Ended ended = run_program({"plugins", "--config", kShipped, "--json"});
  ASSERT_EQ(ended.code, 0) << ended.err;
  EXPECT_THAT(ended.out, AllOf(HasSubstr("\"id\":\"order-saver\""), HasSubstr("\"abi_major\":1"),
                               HasSubstr("\"type\":\"database\"")));
}

TEST(CommandLine, refuses_to_look_into_what_is_no_plugin) {
  const Ended ended = run_program({"plugins", kShipped});
  EXPECT_EQ(ended.code, 78);
  EXPECT_THAT(ended.err, HasSubstr("gantry.toml"));
}

TEST(CommandLine, prints_the_migrations_in_order_without_a_database) {
  const Ended ended = run_program({"db", "print", "--config", kShipped});
  ASSERT_EQ(ended.code, 0) << ended.err;
  EXPECT_THAT(ended.out, AllOf(HasSubstr("-- database main\n"), HasSubstr("-- order-saver 1 "),
                               HasSubstr("saved_orders")));
}

TEST(CommandLine, names_the_database_that_does_not_answer_and_no_secret) {
  const Ended ended =
      run_program({"db", "status", "--config", kShipped},
                  {"GANTRY_POSTGRES_DSN=postgresql://gantry:xyzzy@127.0.0.1:1/orders"});
  EXPECT_EQ(ended.code, 1);
  EXPECT_THAT(ended.err, HasSubstr("database main: cannot connect"));
  EXPECT_THAT(ended.err, Not(HasSubstr("xyzzy")));
}

TEST(CommandLine, refuses_a_database_that_is_not_configured) {
  const Ended ended = run_program({"db", "print", "--config", kShipped, "--database", "mian"});
  EXPECT_EQ(ended.code, 1);
  EXPECT_THAT(ended.err, HasSubstr("there is no [database.mian]"));
}

}  // namespace
}  // namespace gantry::test
