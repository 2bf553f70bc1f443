// Each file of fixtures/config/bad is refused with exactly the problems that its "# expect:" lines
// say.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <string>
#include <vector>

#include "config/load.hpp"
#include "config/plugin_search.hpp"
#include "config/validate.hpp"
#include "kafka/properties/check.hpp"
#include "outbox/migrations.hpp"
#include "unit/config/example_catalog.hpp"

namespace gantry::config {
namespace {

namespace fs = std::filesystem;

struct Case {
  std::string name;
  fs::path file;
};

void PrintTo(const Case& one, std::ostream* out) { *out << one.file; }

std::vector<Case> cases() {
  std::vector<Case> all;
  for (const auto& entry : fs::directory_iterator(GANTRY_FIXTURES "/bad")) {
    const fs::path& path = entry.path();
    all.push_back({path.stem().string(), entry.is_directory() ? path / "gantry.toml" : path});
  }
  std::sort(all.begin(), all.end(), [](const Case& a, const Case& b) { return a.name < b.name; });
  return all;
}

struct Expected {
  std::string place;  // "file:line:column: ", or "file: "
  std::vector<std::string> texts;
  std::string line;  // as written, for the failure message
};

std::vector<Expected> expected_of(const fs::path& file) {
  std::vector<Expected> all;
  std::ifstream stream(file);
  const std::string kStart = "# expect: ";
  for (std::string line; std::getline(stream, line) && line.starts_with(kStart);) {
    const std::string rest = line.substr(kStart.size());
    const std::size_t blank = rest.find(' ');
    const std::string place = rest.substr(0, blank);
    Expected one{"", {}, rest};
    if (place == "-") {
      one.place = file.string() + ": ";
    } else if (place.find(".toml:") != std::string::npos) {
      one.place = (file.parent_path() / place).string() + ": ";
    } else {
      one.place = file.string() + ":" + place + ": ";
    }
    for (std::size_t begin = blank + 1; begin < rest.size();) {
      const std::size_t end = std::min(rest.find(" | ", begin), rest.size());
      one.texts.push_back(rest.substr(begin, end - begin));
      begin = end + 3;
    }
    all.push_back(std::move(one));
  }
  return all;
}

bool matches(const Expected& expected, const std::string& problem) {
  return problem.starts_with(expected.place) &&
         std::all_of(expected.texts.begin(), expected.texts.end(), [&](const std::string& text) {
           return problem.find(text) != std::string::npos;
         });
}

// All that `gantry check` finds, but for what is in real libraries.
std::vector<std::string> problems_of(const fs::path& file) {
  const fs::path plugins = fs::path(testing::TempDir()) / "gantry-bad-configurations";
  fs::create_directories(plugins);
  std::ofstream(plugins / "libexample.so").flush();
  Loaded loaded = load_all(file);
  Problems missing;
  find_libraries(loaded.config, {plugins}, missing);
  add_new(loaded.problems, std::move(missing));
  if (loaded.complete) {
    const Checks checks{kafka::check_property, kafka::check_client, outbox::is_connection_string,
                        true};
    add_new(loaded.problems, validate_all(loaded.config, example::catalog(), checks));
  }
  std::vector<std::string> texts;
  for (const Problem& problem : loaded.problems) texts.push_back(describe(problem));
  return texts;
}

class BadConfigurations : public testing::TestWithParam<Case> {};

TEST_P(BadConfigurations, are_refused_with_exactly_the_expected_problems) {
  const std::vector<Expected> expected = expected_of(GetParam().file);
  ASSERT_FALSE(expected.empty()) << "the file says no # expect:";
  const std::vector<std::string> problems = problems_of(GetParam().file);
  for (const Expected& one : expected) {
    EXPECT_TRUE(std::any_of(problems.begin(), problems.end(),
                            [&](const std::string& problem) { return matches(one, problem); }))
        << "not reported: " << one.line << "\nreported: " << testing::PrintToString(problems);
  }
  for (const std::string& problem : problems) {
    EXPECT_TRUE(std::any_of(expected.begin(), expected.end(),
                            [&](const Expected& one) { return matches(one, problem); }))
        << "not expected: " << problem;
  }
}

TEST_P(BadConfigurations, are_told_what_to_do) {
  for (const std::string& problem : problems_of(GetParam().file)) {
    EXPECT_NE(problem.find("\n    "), std::string::npos) << "without a remedy: " << problem;
  }
}

INSTANTIATE_TEST_SUITE_P(Fixtures, BadConfigurations, testing::ValuesIn(cases()),
                         [](const auto& one) { return one.param.name; });

}  // namespace
}  // namespace gantry::config
