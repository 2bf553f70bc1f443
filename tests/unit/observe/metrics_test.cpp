// What /metrics looks like, and that the README tells of every metric what the code says.
#include "observe/metrics.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <sstream>

namespace gantry::observe {
namespace {

using testing::HasSubstr;

std::string read(const std::string& file) {
  std::ifstream in(file);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

std::string table() {
  std::string rows = "| metric | kind | labels | what it is |\n|---|---|---|---|\n";
  for (const MetricInfo& info : metric_list()) {
    std::string labels;
    for (const std::string_view label : info.labels)
      if (!label.empty()) labels += (labels.empty() ? "" : ", ") + std::string(label);
    rows += "| `" + std::string(info.name) + "` | " + std::string(kind_name(info.kind)) + " | " +
            labels + " | " + std::string(info.help) + " |\n";
  }
  return rows;
}

TEST(MetricList, is_the_table_of_the_readme) {
  EXPECT_NE(read(GANTRY_README).find(table()), std::string::npos)
      << "the README's table has to be\n"
      << table();
}

TEST(MetricList, names_each_metric_once_as_prometheus_wants_it) {
  std::set<std::string_view> names;
  for (const MetricInfo& info : metric_list()) {
    EXPECT_TRUE(info.name.starts_with("gantry_")) << info.name;
    EXPECT_FALSE(info.name.starts_with("gantry_plugin_")) << "those are the plugins' own";
    EXPECT_EQ(info.name.ends_with("_total"), info.kind == MetricKind::counter) << info.name;
    EXPECT_TRUE(names.insert(info.name).second) << info.name;
    EXPECT_FALSE(info.help.empty()) << info.name;
  }
}

TEST(MetricPage, has_help_type_and_samples) {
  MetricPage page;
  page.add(Metric::messages, {"alert", "ok"}, 7);
  page.add(Metric::messages, {"alert", "retry"}, 1);
  page.add(Metric::part_ready, {"kafka"}, 0);
  const std::string text = page.text();
  EXPECT_THAT(text, HasSubstr("# HELP gantry_messages_total Messages by what"));
  EXPECT_THAT(text, HasSubstr("# TYPE gantry_messages_total counter\n"
                              "gantry_messages_total{route=\"alert\",verdict=\"ok\"} 7\n"
                              "gantry_messages_total{route=\"alert\",verdict=\"retry\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("gantry_part_ready{part=\"kafka\"} 0\n"));
}

TEST(MetricPage, has_cumulative_buckets) {
  MetricPage page;
  page.add(Metric::handler_seconds, {"alert"}, {{0.1, 1}, {3, 2, 1}, 5.5});
  const std::string text = page.text();
  EXPECT_THAT(text, HasSubstr("gantry_handler_seconds_count{route=\"alert\"} 6\n"));
  EXPECT_THAT(text, HasSubstr("gantry_handler_seconds_sum{route=\"alert\"} 5.5\n"));
  EXPECT_THAT(text, HasSubstr("gantry_handler_seconds_bucket{route=\"alert\",le=\"1\"} 5\n"));
  EXPECT_THAT(text, HasSubstr("gantry_handler_seconds_bucket{route=\"alert\",le=\"+Inf\"} 6\n"));
}

TEST(MetricPage, escapes_what_a_label_may_not_hold) {
  MetricPage page;
  page.add(Metric::part_ready, {"a\"b\\c\nd"}, 1);
  EXPECT_THAT(page.text(), HasSubstr("gantry_part_ready{part=\"a\\\"b\\\\c\\nd\"} 1\n"));
}

TEST(MetricPage, says_of_a_plugins_metric_once_what_it_is) {
  MetricPage page;
  page.add_foreign("gantry_plugin_sold", MetricKind::counter, "Coupons sold", "one", 2);
  page.add_foreign("gantry_plugin_sold", MetricKind::counter, "Coupons sold", "two", 3);
  EXPECT_THAT(page.text(), HasSubstr("# HELP gantry_plugin_sold Coupons sold\n"
                                     "# TYPE gantry_plugin_sold counter\n"
                                     "gantry_plugin_sold{route=\"one\"} 2\n"
                                     "gantry_plugin_sold{route=\"two\"} 3\n"));
}

}  // namespace
}  // namespace gantry::observe
