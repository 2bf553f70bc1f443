#include "config/plugin_search.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

namespace gantry::config {
namespace {

namespace fs = std::filesystem;

class PluginSearch : public testing::Test {
 protected:
  void SetUp() override {
    root_ = fs::path(testing::TempDir()) /
            (std::string("gantry-search-") +
             testing::UnitTest::GetInstance()->current_test_info()->name());
    for (const char* name : {"own", "built-in"}) {
      fs::create_directories(root_ / name);
      std::ofstream(root_ / name / "libboth.so").flush();
    }
    std::ofstream(root_ / "built-in" / "libinstalled.so").flush();
    config_.plugin_dirs = {root_ / "own"};
  }
  void TearDown() override { fs::remove_all(root_); }

  Problems find(const std::string& library) {
    Plugin plugin;
    plugin.library = library;
    config_.plugins = {plugin};
    Problems problems;
    find_libraries(config_, {root_ / "built-in"}, problems);
    return problems;
  }

  fs::path root_;
  Config config_;
};

TEST_F(PluginSearch, looks_in_the_configured_folders_first) {
  EXPECT_TRUE(find("libboth.so").empty());
  EXPECT_EQ(config_.plugins[0].file, root_ / "own" / "libboth.so");
}

TEST_F(PluginSearch, always_looks_in_the_built_in_folders) {
  EXPECT_TRUE(find("libinstalled.so").empty());
  EXPECT_EQ(config_.plugins[0].file, root_ / "built-in" / "libinstalled.so");
}

TEST_F(PluginSearch, takes_an_absolute_path_as_it_is) {
  const std::string path = (root_ / "built-in" / "libboth.so").string();
  EXPECT_TRUE(find(path).empty());
  EXPECT_EQ(config_.plugins[0].file, path);
}

TEST_F(PluginSearch, names_every_folder_that_it_searched) {
  const Problems problems = find("libnowhere.so");
  ASSERT_EQ(problems.size(), 1u);
  EXPECT_THAT(problems[0].message,
              testing::HasSubstr((root_ / "own").string() + ", " + (root_ / "built-in").string()));
}

TEST_F(PluginSearch, knows_the_folder_beside_the_program) {
  const fs::path beside =
      fs::read_symlink("/proc/self/exe").parent_path().parent_path() / "lib/gantry/plugins";
  EXPECT_THAT(built_in_plugin_dirs(), testing::Contains(beside));
  EXPECT_THAT(built_in_plugin_dirs(), testing::Contains("/usr/local/lib/gantry/plugins"));
}

}  // namespace
}  // namespace gantry::config
