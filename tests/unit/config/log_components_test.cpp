// [log] levels knows everybody who speaks in the log.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <string>

#include "config/model.hpp"

namespace gantry::config {
namespace {

TEST(LogComponents, are_those_that_the_code_names) {
  const std::regex call(R"re(log::(?:(?:debug|info|warning|error)\(\s*|write\([^"]*)"([^"]*)")re");
  std::set<std::string> named;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(GANTRY_HOST_SOURCES)) {
    if (entry.path().extension() != ".cpp") continue;
    std::ifstream file(entry.path());
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    for (std::sregex_iterator at(text.begin(), text.end(), call), end; at != end; ++at)
      named.insert((*at)[1]);
  }
  EXPECT_THAT(named, testing::UnorderedElementsAreArray(kLogComponents));
}

}  // namespace
}  // namespace gantry::config
