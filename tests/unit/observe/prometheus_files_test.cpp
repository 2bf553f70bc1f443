// packaging/prometheus: the dashboard and the alert rules name metrics that there are, and load.
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>

#include "observe/metric_list.hpp"

namespace gantry::observe {
namespace {

namespace json = boost::json;

const std::filesystem::path folder = GANTRY_PROMETHEUS_FILES;

std::string read(const std::string& file) {
  std::ifstream in(folder / file);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

// A histogram by its own name.
std::set<std::string> metrics_in(const std::string& text) {
  std::set<std::string> known;
  for (const MetricInfo& info : metric_list()) known.emplace(info.name);
  const std::regex name("gantry_[a-z_]+");
  std::set<std::string> names;
  for (std::sregex_iterator at(text.begin(), text.end(), name), end; at != end; ++at) {
    const std::string found = at->str();
    const std::string base = found.substr(0, found.rfind('_'));
    names.insert(!known.contains(found) && known.contains(base) ? base : found);
  }
  return names;
}

std::set<std::string> metrics_of_the_list() {
  std::set<std::string> names;
  for (const MetricInfo& info : metric_list()) names.emplace(info.name);
  return names;
}

// What Grafana asks Prometheus for, wherever it stands in the dashboard.
void collect_queries(const json::value& value, std::string& queries) {
  if (value.is_array())
    for (const json::value& one : value.as_array()) collect_queries(one, queries);
  if (!value.is_object()) return;
  for (const auto& [key, one] : value.as_object()) {
    if ((key == "expr" || key == "query") && one.is_string())
      queries += std::string(one.as_string()) + "\n";
    collect_queries(one, queries);
  }
}

void expect_success(const std::string& command) {
  if (std::system("command -v promtool >/dev/null") != 0)
    GTEST_SKIP() << "promtool is not installed (Debian's package prometheus)";
  EXPECT_EQ(std::system(("cd '" + folder.string() + "' && " + command).c_str()), 0);
}

TEST(Dashboard, shows_each_metric_and_no_other) {
  std::string queries;
  collect_queries(json::parse(read("gantry-dashboard.json")), queries);
  EXPECT_EQ(metrics_in(queries), metrics_of_the_list());
}

TEST(Dashboard, names_each_panel_once) {
  std::set<std::int64_t> ids;
  const json::value dashboard = json::parse(read("gantry-dashboard.json"));
  for (const json::value& panel : dashboard.at("panels").as_array()) {
    EXPECT_TRUE(ids.insert(panel.at("id").as_int64()).second);
    EXPECT_FALSE(panel.at("targets").as_array().empty()) << panel.at("title");
  }
}

TEST(AlertRules, name_metrics_that_there_are) {
  const std::set<std::string> known = metrics_of_the_list();
  for (const std::string& name : metrics_in(read("gantry-alerts.yml")))
    EXPECT_TRUE(known.contains(name)) << name;
}

TEST(AlertRules, are_taken_by_prometheus) {
  expect_success("promtool check rules gantry-alerts.yml");
}

TEST(AlertRules, fire_when_they_should) {
  expect_success("promtool test rules gantry-alerts.test.yml");
}

}  // namespace
}  // namespace gantry::observe
