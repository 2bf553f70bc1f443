// `gantry dev`: what it says can be pasted, and nothing of it outlives it, however it ends.
#include <signal.h>

#include <array>
#include <thread>

#include "development.hpp"
#include "probe_calls.hpp"
#include "support/host_process.hpp"

namespace gantry::test {
namespace {

constexpr const char* kReady = "Ctrl-C ends it and removes everything.";
constexpr int kBadConfiguration = 78;

TEST(Dev, serves_a_payment_by_the_lines_that_it_prints) {
  Command dev({"dev"});
  dev.wait_for_output(kReady);
  const Finished paid = paste(dev.line_to_paste("curl", "/payments"));
  EXPECT_NE(paid.output.find("HTTP/1.1 200"), std::string::npos) << paid.output;
  EXPECT_NE(paid.output.find("\"status\":\"PAID\""), std::string::npos) << paid.output;

  const std::string kcat = dev.line_to_paste("kcat", "trace-topic -C");
  eventually([&] { return paste(kcat).output.find("\"orderId\":1,") != std::string::npos; }, 60s,
             "the event, by " + kcat);
  dev.wait_for_output("AlertTalk → user 1: order-paid  orderId 1");
}

TEST(Dev, gives_a_coupon_and_shows_tables_and_dead_letters_by_the_lines_that_it_prints) {
  Command dev({"dev"});
  dev.wait_for_output(kReady);
  const Finished coupon = paste(dev.line_to_paste("curl", "/coupons/"));
  EXPECT_NE(coupon.output.find("HTTP/1.1 202"), std::string::npos) << coupon.output;
  EXPECT_NE(paste(dev.line_to_paste("psql", "dbname=main")).output.find("coupon_requests"),
            std::string::npos);
  EXPECT_EQ(paste(dev.line_to_paste("echo", "kcat")).exit_code, 0);
  const std::string kcat = dev.line_to_paste("kcat", "DLQ-topic");
  eventually([&] { return paste(kcat).output.find("not an order") != std::string::npos; }, 60s,
             "the dead letter, by " + kcat);
}

TEST(Dev, reloads_by_the_line_that_it_prints) {
  Command dev({"dev"});
  dev.wait_for_output(kReady);
  const std::string line = dev.line_to_paste("gantry", "reload --socket");
  const Finished reloaded = paste(gantry_program() + line.substr(line.find("gantry") + 6));
  EXPECT_EQ(reloaded.exit_code, 0) << reloaded.output;
  EXPECT_EQ(reloaded.output.rfind("kept ", 0), 0u) << "nothing has changed: " << reloaded.output;
}

class DevEnds : public testing::TestWithParam<int> {};

TEST_P(DevEnds, and_leaves_neither_process_nor_folder) {
  Command dev({"dev"});
  dev.wait_for_output(kReady);
  ASSERT_NE(dev.folder_left(), "");
  ASSERT_NE(dev.processes_left(), "");
  dev.signal(GetParam());
  EXPECT_EQ(dev.wait_for_end(), 0) << dev.output();
  EXPECT_EQ(dev.folder_left(), "");
  EXPECT_EQ(dev.processes_left(), "");
}

INSTANTIATE_TEST_SUITE_P(ByCtrlCSigtermOrAClosedTerminal, DevEnds,
                         testing::Values(SIGINT, SIGTERM, SIGHUP));

TEST(Dev, can_be_broken_off_while_it_starts) {
  Command dev({"dev"});
  dev.wait_for_output("Starting:");
  dev.signal(SIGINT);
  EXPECT_EQ(dev.wait_for_end(), 128 + SIGINT) << dev.output();
  EXPECT_EQ(dev.folder_left(), "");
  EXPECT_EQ(dev.processes_left(), "");
}

TEST(Dev, leaves_nothing_where_it_is_killed) {
  Command dev({"dev"});
  dev.wait_for_output(kReady);
  dev.signal(SIGKILL);
  EXPECT_EQ(dev.wait_for_end(), 128 + SIGKILL);
  dev.wait_until_nothing_is_left();
  EXPECT_NE(dev.output().find("The last lines of the log:"), std::string::npos) << dev.output();
}

TEST(Dev, leaves_nothing_where_its_database_or_its_keeper_was_killed) {
  for (const char* victim : {"postgres", "gantry-keeper"}) {
    Command dev({"dev"});
    dev.wait_for_output(kReady);
    ASSERT_EQ(kill(dev.child(victim), SIGKILL), 0);
    dev.signal(SIGINT);
    EXPECT_EQ(dev.wait_for_end(), 0) << dev.output();
    dev.wait_until_nothing_is_left();
  }
}

// Also one of the user's own, with plugins of his own.
TEST(Dev, ends_although_a_handler_hangs) {
  const TempFolder folder;
  const ProbeFile calls(folder / "calls");
  write_file(folder / "gantry.toml", R"([kafka]
"bootstrap.servers" = "production:9092"
[plugins]
dirs = [")" GANTRY_PROBE_DIR R"("]
[[plugin]]
library = "libprobe.so"
[[route]]
name = "probe"
handler = "probe"
topics = ["probed"]
drain_timeout_ms = 500
settings = { file = ")" + calls.path().string() +
                                         "\" }\n");
  Command dev({"dev", "--config", (folder / "gantry.toml").string()});
  dev.wait_for_output(kReady);
  const std::string kcat = dev.line_to_paste("kcat", "probed -C");
  paste("echo hang | " + kcat.substr(0, kcat.find(" -C")) + " -P -k stuck");
  calls.wait_for_key("stuck", "begin");
  dev.signal(SIGTERM);
  EXPECT_EQ(dev.wait_for_end(), 0) << dev.output();
  EXPECT_EQ(dev.folder_left(), "");
  EXPECT_EQ(dev.processes_left(), "");
}

TEST(Dev, loads_a_library_that_others_can_write_to_and_says_that_run_would_not) {
  const TempFolder folder;
  const auto library = folder / "libprobe.so";
  std::filesystem::copy_file(GANTRY_PROBE_DIR "/libprobe.so", library);
  std::filesystem::permissions(library, std::filesystem::perms::others_write,
                               std::filesystem::perm_options::add);
  write_file(folder / "gantry.toml",
             "[kafka]\n\"bootstrap.servers\" = \"production:9092\"\n[[plugin]]\nlibrary = \"" +
                 library.string() +
                 "\"\n[[route]]\nname = \"probe\"\nhandler = \"probe\"\ntopics = [\"probed\"]\n"
                 "settings = { file = \"" +
                 (folder / "calls").string() + "\" }\n");
  Command dev({"dev", "--config", (folder / "gantry.toml").string()});
  dev.wait_for_output(kReady);
  EXPECT_NE(dev.output().find("Plugins are loaded here whoever owns them"), std::string::npos);
  EXPECT_NE(dev.output().find("gantry run would refuse: " + library.string() +
                              " can be written to by everybody"),
            std::string::npos)
      << dev.output();
}

void build_again(const std::filesystem::path& library, const std::string& content) {
  std::filesystem::remove(library);
  write_file(library, content);
}

TEST(Dev, runs_a_plugin_alone_and_takes_over_each_build_of_it) {
  const TempFolder folder;
  const auto library = folder / "libforward.so";
  std::filesystem::copy_file(GANTRY_PROBE_DIR "/libforward.so", library);
  Command dev({"dev", "--plugin", library.string()});
  dev.wait_for_output(kReady);
  const std::string kcat = dev.line_to_paste("kcat", "forward-topic -C");
  paste("echo hello | " + kcat.substr(0, kcat.find(" -C")) + " -P");
  const std::string forwarded = kcat.substr(0, kcat.find("forward-topic")) + "out -C -e -q";
  eventually([&] { return paste(forwarded).output.find("hello") != std::string::npos; }, 60s,
             "what was forwarded, by " + forwarded);

  const std::string built = read_file(library);
  build_again(library, "no library");
  dev.wait_for_output("not reloaded, everything goes on as it was");
  build_again(library, built + "another build");  // behind what is loaded
  dev.wait_for_output("reloaded: forward");
}

class DevLoadsForEver : public testing::TestWithParam<std::array<const char*, 2>> {};

TEST_P(DevLoadsForEver, what_was_built_with_abi_1_0) {
  const auto [library, handler] = GetParam();
  const TempFolder folder;
  write_file(folder / "large", std::string(70'000, 'x'));
  Command dev({"dev", "--plugin", std::string(GANTRY_KEPT_1_0 "/") + library});
  dev.wait_for_output(kReady);
  const std::string letters = dev.line_to_paste("kcat", std::string(handler) + "-dlq -C");
  const std::string kcat = letters.substr(0, letters.find(" -t "));
  const Finished produced =
      paste(kcat + " -t " + handler + "-topic -P " + (folder / "large").string());
  ASSERT_EQ(produced.exit_code, 0) << produced.output;
  std::string found;
  eventually([&] { return (found = paste(letters).output).find("too large") != std::string::npos; },
             60s,
             [&] {
               return "what it has rejected, by " + letters + "\nwhich gave:\n" + found +
                      "\ngantry dev said:\n" + dev.output();
             });
}

INSTANTIATE_TEST_SUITE_P(InCxxAndC, DevLoadsForEver,
                         testing::Values(std::array{"libacme-audit.so", "audit"},
                                         std::array{"libaudit-in-c.so", "audit-in-c"}),
                         [](const auto& one) { return one.index == 0 ? "Cxx" : "C"; });

TEST(Dev, says_which_setting_a_plugin_alone_would_need) {
  Command dev({"dev", "--plugin", GANTRY_PROBE_DIR "/libprobe.so"});
  EXPECT_EQ(dev.wait_for_end(), 1) << dev.output();
  EXPECT_NE(dev.output().find("needs the setting \"file\": give --route FILE"), std::string::npos)
      << dev.output();
}

// As a debugger does it: everything stands still, in the middle of a handler, for longer than its
// deadline and than its lease.
TEST(Dev, for_a_debugger_calls_nothing_late) {
  const TempFolder folder;
  const ProbeFile calls(folder / "calls");
  write_file(folder / "route.toml",
             "[[plugin]]\nlibrary = \"libprobe.so\"\n[[route]]\nname = \"probe\"\nhandler = "
             "\"probe\"\ntopics = [\"probed\"]\nhandler_deadline_ms = 200\nsettings = { file = \"" +
                 calls.path().string() + "\" }\n");
  Command dev({"dev", "--debug", "--verbose", "--plugin", GANTRY_PROBE_DIR "/libprobe.so",
               "--route", (folder / "route.toml").string()});
  dev.wait_for_output(kReady);
  const std::string kcat = dev.line_to_paste("kcat", "probed -C");
  paste("echo wait-for:" + (folder / "go").string() + " | " + kcat.substr(0, kcat.find(" -C")) +
        " -P -k held");
  calls.wait_for_key("held", "begin");
  dev.signal(SIGSTOP);
  std::this_thread::sleep_for(5s);  // its lease would be half of that
  dev.signal(SIGCONT);
  write_file(folder / "go", "");
  calls.wait_for_key("held", "end");
  EXPECT_EQ(calls.calls().size(), 1u);
  for (const char* said : {"stood still", "past its deadline", "assignment was lost"})
    EXPECT_EQ(dev.output().find(said), std::string::npos) << dev.output();
}

TEST(Dev, refuses_a_configuration_that_is_wrong_as_run_does) {
  const TempFolder folder;
  write_file(folder / "gantry.toml", "[kafka]\n\"bootstrap.server\" = \"localhost:9092\"\n");
  Command dev({"dev", "--config", (folder / "gantry.toml").string()});
  EXPECT_EQ(dev.wait_for_end(), kBadConfiguration) << dev.output();
  EXPECT_NE(dev.output().find("gantry.toml:2:"), std::string::npos) << dev.output();
  EXPECT_EQ(dev.folder_left(), "");
  EXPECT_EQ(dev.processes_left(), "");
}

}  // namespace
}  // namespace gantry::test
