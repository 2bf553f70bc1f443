// The plugin that the test out_of_tree_build has built against the installed package.
#include <cstdio>
#include <fstream>
#include <iterator>

#include "abi/one_handler.hpp"

namespace gantry::test {
namespace {

std::string read_file(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

TEST(OutOfTreePlugin, is_loaded_and_handles) {
  config::Route route;
  route.settings["database"].value = std::string("dbname=audit");
  OneHandler handler(GANTRY_TEST_OUT_OF_TREE, route);
  EXPECT_EQ(handler.deliver(), "ok");
}

TEST(OutOfTreePlugin, carries_its_migrations_byte_for_byte_in_order_of_number) {
  const StateDir state;
  const auto spec = loader_in(state).load(plugin_at(GANTRY_TEST_OUT_OF_TREE)).spec;
  const auto& migrations = spec.handlers.at(0).migrations;
  ASSERT_EQ(migrations.size(), 2u);
  EXPECT_EQ(migrations[0].number, 1u);
  EXPECT_EQ(migrations[0].name, "create_audits");
  EXPECT_EQ(migrations[0].database, "database");
  EXPECT_EQ(migrations[1].number, 10u);
  const std::filesystem::path sources = GANTRY_TEST_MIGRATIONS;
  EXPECT_EQ(migrations[0].sql, read_file(sources / "0001_create_audits.sql"));
  EXPECT_EQ(migrations[1].sql, read_file(sources / "0010_drop_note.sql"));
}

TEST(OutOfTreePlugin, exports_its_entry_and_nothing_else) {
  std::string symbols;
  const std::string command = std::string(GANTRY_TEST_NM) +
                              " --dynamic --defined-only --format=posix '" +
                              GANTRY_TEST_OUT_OF_TREE + "'";
  FILE* out = ::popen(command.c_str(), "r");
  ASSERT_NE(out, nullptr);
  char line[512];
  while (std::fgets(line, sizeof line, out) != nullptr) {
    symbols += std::string(line).substr(0, std::string(line).find(' ')) + ";";
  }
  EXPECT_EQ(::pclose(out), 0);
  EXPECT_EQ(symbols, "gantry_plugin_v1;");
}

}  // namespace
}  // namespace gantry::test
