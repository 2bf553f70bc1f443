#include "observe/log.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <regex>
#include <string>
#include <thread>
#include <vector>

#include "unit/observe/captured_stderr.hpp"

namespace gantry::log {
namespace {

class LogTest : public testing::Test {
 protected:
  void SetUp() override {
    flush();
    configure(Format::text, Level::info);
  }
  void TearDown() override { configure(Format::text, Level::info); }
};

TEST_F(LogTest, writes_one_line_an_event) {
  const test::CapturedStderr captured;
  info("route", "partition assigned", {{"route", "alert"}, {"partition", 3}});
  const auto lines = captured.lines();
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_TRUE(std::regex_match(lines[0],
                               std::regex(R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z INFO  route  )"
                                          R"(partition assigned  route=alert partition=3)")))
      << lines[0];
}

TEST_F(LogTest, braces_in_a_message_are_no_format) {
  const test::CapturedStderr captured;
  info("route", "odd {} {0} %v %s");
  ASSERT_EQ(captured.lines().size(), 1u);
  EXPECT_TRUE(captured.lines()[0].ends_with("odd {} {0} %v %s")) << captured.lines()[0];
}

TEST_F(LogTest, leaves_out_what_is_below_the_level) {
  configure(Format::text, Level::warning);
  const test::CapturedStderr captured;
  debug("a", "one");
  info("a", "two");
  warning("a", "three");
  error("a", "four");
  EXPECT_EQ(captured.lines().size(), 2u);
}

TEST_F(LogTest, a_component_may_have_a_level_of_its_own) {
  configure(Format::text, Level::info, {{"kafka", Level::error}, {"route", Level::debug}});
  const test::CapturedStderr captured;
  info("kafka", "left out");
  debug("route", "written");
  debug("service", "left out");
  info("service", "written");
  error("kafka", "written");
  const auto lines = captured.lines();
  EXPECT_EQ(lines.size(), 3u);
  for (const std::string& line : lines) EXPECT_TRUE(line.ends_with("written")) << line;
}

TEST_F(LogTest, a_new_configuration_forgets_the_levels_of_components) {
  configure(Format::text, Level::info, {{"kafka", Level::error}});
  configure(Format::text, Level::info);
  const test::CapturedStderr captured;
  info("kafka", "written");
  EXPECT_EQ(captured.lines().size(), 1u);
}

TEST_F(LogTest, writes_json_when_asked) {
  configure(Format::json, Level::info);
  const test::CapturedStderr captured;
  info("route", "as json", {{"route", "alert"}});
  ASSERT_EQ(captured.lines().size(), 1u);
  EXPECT_TRUE(captured.lines()[0].ends_with(
      R"("level":"info","component":"route","message":"as json","route":"alert"})"))
      << captured.lines()[0];
}

TEST_F(LogTest, counts_the_repeated_lines_it_leaves_out) {
  const test::CapturedStderr captured;
  for (int i = 0; i < 1000; ++i) warning("kafka", "again and again", {{"route", "r"}, {"n", i}});
  flush();
  const auto lines = captured.lines();
  ASSERT_LT(lines.size(), 1000u);
  EXPECT_TRUE(lines.back().ends_with("WARN  kafka  repeated lines were left out  lines=" +
                                     std::to_string(1000 - (lines.size() - 1)) +
                                     " repeated=\"again and again\" route=r"))
      << lines.back();
}

TEST_F(LogTest, lines_of_several_threads_stay_whole) {
  const test::CapturedStderr captured;
  const std::string filling(2000, 'x');
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 50; ++i) info("t" + std::to_string(t), "busy", {{"filling", filling}});
    });
  }
  for (auto& thread : threads) thread.join();
  const auto lines = captured.lines();
  EXPECT_EQ(lines.size(), 400u);
  EXPECT_TRUE(std::all_of(lines.begin(), lines.end(), [&](const std::string& line) {
    return line.ends_with("busy  filling=" + filling);
  }));
}

TEST_F(LogTest, a_child_forked_while_others_log_can_log) {
  const test::CapturedStderr captured;
  std::atomic<bool> stop{false};
  std::thread busy([&] {
    for (int i = 0; !stop; ++i) info("busy", "line " + std::to_string(i % 500));
  });
  bool all_ended_well = true;
  for (int i = 0; i < 20; ++i) {
    const pid_t child = ::fork();
    if (child == 0) {
      ::alarm(20);  // a child that waits for a mutex for ever is what this test looks for
      info("child", "alive");
      ::_exit(0);
    }
    int status = -1;
    all_ended_well = ::waitpid(child, &status, 0) == child && status == 0 && all_ended_well;
  }
  stop = true;
  busy.join();
  EXPECT_TRUE(all_ended_well);
}

}  // namespace
}  // namespace gantry::log
