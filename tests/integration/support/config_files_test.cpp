#include "support/config_files.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace gantry::test {
namespace {

TEST(ConfigFiles, fills_placeholders_in) {
  ConfigFiles files;
  files.set("TOPIC", "orders").route("one", "topics = [\"@TOPIC@\"]");
  EXPECT_EQ(read_file(files.folder() / "routes.d" / "one.toml"), "topics = [\"orders\"]");
}

TEST(ConfigFiles, refuses_a_placeholder_that_nobody_set) {
  ConfigFiles files;
  EXPECT_THROW(files.main("x = \"@TYPO@\""), std::runtime_error);
}

}  // namespace
}  // namespace gantry::test
