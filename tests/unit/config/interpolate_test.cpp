#include "config/interpolate.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

namespace gantry::config {
namespace {

class Interpolate : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::path(testing::TempDir()) /
              ("gantry-interpolate-" +
               std::string(testing::UnitTest::GetInstance()->current_test_info()->name()));
    std::filesystem::create_directories(folder_);
    setenv("GANTRY_TEST_VALUE", "from-env", 1);
    unsetenv("GANTRY_TEST_UNSET");
    unsetenv("CREDENTIALS_DIRECTORY");
  }
  void TearDown() override {
    std::filesystem::remove_all(folder_);
    unsetenv("CREDENTIALS_DIRECTORY");
  }
  void write(const std::string& name, const std::string& content) {
    std::ofstream(folder_ / name) << content;
  }
  std::string text(const std::string& raw) { return interpolate(raw, folder_).text; }

  std::filesystem::path folder_;
};

TEST_F(Interpolate, leaves_other_text_alone) {
  EXPECT_EQ(text("no $ and {braces} $x"), "no $ and {braces} $x");
}

TEST_F(Interpolate, puts_in_environment_variables_wherever_they_stand) {
  EXPECT_EQ(text("a-${env:GANTRY_TEST_VALUE}-${env:GANTRY_TEST_VALUE}"), "a-from-env-from-env");
}

TEST_F(Interpolate, takes_the_default_only_of_a_variable_that_is_not_set) {
  EXPECT_EQ(text("${env:GANTRY_TEST_UNSET:-postgresql:///x}"), "postgresql:///x");
  EXPECT_EQ(text("${env:GANTRY_TEST_VALUE:-other}"), "from-env");
}

TEST_F(Interpolate, refuses_a_variable_that_is_not_set) {
  EXPECT_THROW(text("${env:GANTRY_TEST_UNSET}"), InterpolationFailed);
}

TEST_F(Interpolate, reads_a_file_beside_the_configuration_without_its_last_line_feed) {
  write("secret.txt", "two\nlines\n");
  EXPECT_EQ(text("<${file:secret.txt}>"), "<two\nlines>");
  EXPECT_EQ(text("<${file:" + (folder_ / "secret.txt").string() + "}>"), "<two\nlines>");
}

TEST_F(Interpolate, reads_credentials_of_systemd) {
  write("dsn", "postgresql:///x\n");
  setenv("CREDENTIALS_DIRECTORY", folder_.c_str(), 1);
  EXPECT_EQ(text("${credential:dsn}"), "postgresql:///x");
}

TEST_F(Interpolate, refuses_a_credential_that_leaves_its_folder) {
  setenv("CREDENTIALS_DIRECTORY", folder_.c_str(), 1);
  EXPECT_THROW(text("${credential:../dsn}"), InterpolationFailed);
}

TEST_F(Interpolate, does_not_interpolate_what_it_puts_in) {
  write("tricky", "${env:GANTRY_TEST_VALUE}");
  EXPECT_EQ(text("${file:tricky}"), "${env:GANTRY_TEST_VALUE}");
}

TEST_F(Interpolate, writes_a_doubled_dollar_as_text) {
  EXPECT_EQ(text("$${env:GANTRY_TEST_VALUE}"), "${env:GANTRY_TEST_VALUE}");
}

TEST_F(Interpolate, knows_the_host_name) { EXPECT_EQ(text("${hostname}"), host_name()); }

TEST_F(Interpolate, hides_what_comes_from_environment_files_and_credentials) {
  write("secret.txt", "x");
  setenv("CREDENTIALS_DIRECTORY", folder_.c_str(), 1);
  EXPECT_TRUE(interpolate("${env:GANTRY_TEST_VALUE}", folder_).hidden);
  EXPECT_TRUE(interpolate("${file:secret.txt}", folder_).hidden);
  EXPECT_TRUE(interpolate("${credential:secret.txt}", folder_).hidden);
  EXPECT_FALSE(interpolate("${hostname}", folder_).hidden);
}

}  // namespace
}  // namespace gantry::config
