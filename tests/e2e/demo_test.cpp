// `gantry demo` as a newcomer meets it: it ends well, again and again, and cleans up behind itself.
#include "development.hpp"

namespace gantry::test {
namespace {

constexpr int kMissingProgram = 69;  // EX_UNAVAILABLE

void expect_good_end(Command& demo) {
  EXPECT_EQ(demo.wait_for_end(), 0) << demo.output();
  const std::string output = demo.output();
  for (const char* row :
       {"client → POST /payments", "orders PAID", "OrderCreatedEvent", "orders saved",
        "notifications sent", "duplicates ignored", "taken from stock", "CouponIssueEvent",
        "coupons created", "rejected", "exhausted", "comparisons agree."}) {
    EXPECT_NE(output.find(row), std::string::npos) << row << " is not in:\n" << output;
  }
  EXPECT_EQ(output.find("✗"), std::string::npos) << output;
  EXPECT_EQ(output.find(" INFO "), std::string::npos) << "the log is in between:\n" << output;
  EXPECT_EQ(demo.folder_left(), "");
  EXPECT_EQ(demo.processes_left(), "");
}

TEST(Demo, ends_with_a_table_whose_numbers_agree_twice_in_a_row) {
  for (int run = 1; run <= 2; ++run) {
    Command demo({"demo"});
    expect_good_end(demo);
  }
}

TEST(Demo, runs_twice_at_once) {
  Command one({"demo"});
  Command other({"demo"});
  expect_good_end(one);
  expect_good_end(other);
}

TEST(Demo, follows_a_topic_that_is_rewired_in_the_configuration_alone) {
  const TempFolder folder;
  std::filesystem::copy(GANTRY_CONF, folder / "conf", std::filesystem::copy_options::recursive);
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder / "conf")) {
    if (!entry.is_regular_file()) continue;
    std::string text = read_file(entry.path());
    for (auto at = text.find("trace-topic"); at != std::string::npos;
         at = text.find("trace-topic")) {
      text.replace(at, 11, "orders.v2");
    }
    write_file(entry.path(), text);
  }
  Command demo({"demo", "--config", (folder / "conf/gantry.toml").string()});
  expect_good_end(demo);
  EXPECT_NE(demo.output().find("relay → orders.v2"), std::string::npos) << demo.output();
  EXPECT_EQ(demo.output().find("trace-topic"), std::string::npos) << demo.output();
}

TEST(Demo, says_what_to_install_where_there_is_no_postgresql) {
  const TempFolder empty;
  Command demo({"demo"}, {{"GANTRY_POSTGRES_BIN", empty.path().string()}});
  EXPECT_EQ(demo.wait_for_end(), kMissingProgram);
  EXPECT_NE(demo.output().find("apt-get install postgresql"), std::string::npos) << demo.output();
  EXPECT_EQ(demo.folder_left(), "");
  EXPECT_EQ(demo.processes_left(), "");
}

TEST(Demo, shows_the_end_of_the_log_when_it_fails) {
  const TempFolder folder;
  std::filesystem::copy(GANTRY_CONF, folder / "conf", std::filesystem::copy_options::recursive);
  std::filesystem::remove(folder / "conf/routes.d/payment.toml");
  Command demo({"demo", "--config", (folder / "conf/gantry.toml").string()});
  EXPECT_EQ(demo.wait_for_end(), 1);
  EXPECT_NE(demo.output().find("needs a route of the handler \"payment\""), std::string::npos)
      << demo.output();
  EXPECT_NE(demo.output().find("The last lines of the log:"), std::string::npos) << demo.output();
  EXPECT_EQ(demo.folder_left(), "");
}

}  // namespace
}  // namespace gantry::test
