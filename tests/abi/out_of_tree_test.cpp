// The plugins that out_of_tree_build has built against the installed package, and rust_plugin_build
// against nothing.
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

// What nm says of the library.
std::string exports_of(const std::string& library) {
  std::string symbols;
  const std::string command =
      std::string(GANTRY_TEST_NM) + " --dynamic --defined-only --format=posix '" + library + "'";
  FILE* out = ::popen(command.c_str(), "r");
  if (out == nullptr) return "no nm";
  char line[512];
  while (std::fgets(line, sizeof line, out) != nullptr) {
    symbols += std::string(line).substr(0, std::string(line).find(' ')) + ";";
  }
  EXPECT_EQ(::pclose(out), 0);
  return symbols;
}

TEST(OutOfTreePlugin, exports_its_entry_and_nothing_else) {
  EXPECT_EQ(exports_of(GANTRY_TEST_OUT_OF_TREE), "gantry_plugin_v1;");
}

class PluginInRust : public testing::Test {
 protected:
  void SetUp() override {
    if (std::string(GANTRY_TEST_RUST).empty()) GTEST_SKIP() << "there is no rustc";
  }
};

config::Route three_bytes_at_most() {
  config::Route route;
  route.settings["max_bytes"].value = std::int64_t{3};
  return route;
}

TEST_F(PluginInRust, is_loaded_and_handles) {
  OneHandler handler(GANTRY_TEST_RUST, three_bytes_at_most());
  EXPECT_EQ(handler.deliver("123"), "ok");
  EXPECT_EQ(handler.deliver("1234"), "reject: too large");
}

TEST_F(PluginInRust, keeps_its_panics_to_itself) {
  OneHandler handler(GANTRY_TEST_RUST, three_bytes_at_most());
  EXPECT_EQ(handler.deliver("\xff"), "retry: a defect: it panicked [panic]");
  EXPECT_EQ(handler.deliver("123"), "ok");
  handler.end_instance();
  EXPECT_TRUE(handler.counts().empty());
}

TEST_F(PluginInRust, exports_its_entry_and_nothing_of_the_standard_library) {
  EXPECT_EQ(exports_of(GANTRY_TEST_RUST), "gantry_plugin_v1;");
}

}  // namespace
}  // namespace gantry::test
