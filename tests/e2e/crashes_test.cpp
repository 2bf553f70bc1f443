// A message that crashes the process is found out and becomes a dead letter, and nobody else does,
// whatever ends the process.
#include <signal.h>

#include <random>

#include "end_to_end.hpp"

namespace gantry::test {
namespace {

constexpr int kSegmentationFault = 128 + SIGSEGV;

class Crashes : public EndToEnd {
 protected:
  void SetUp() override {
    kafka.create_topic(topic);
    kafka.create_topic(dlq);
    write_main("[[plugin]]\nlibrary = \"libcrasher.so\"\n");
  }
  void write_route(const std::string& name, const std::string& handler, const std::string& more) {
    files.route(name, "[[route]]\nname = \"" + name + "\"\nhandler = \"" + handler +
                          "\"\ntopics = [\"@TOPIC@\"]\nsettings = { file = \"@FOLDER@/" + name +
                          ".calls\" }\n" + more);
  }
  void produce(int count, const std::string& value, const std::string& prefix = "good-") {
    std::vector<Record> records;
    for (int i = 0; i < count; ++i)
      records.push_back({.topic = topic, .key = prefix + std::to_string(i), .value = value});
    kafka.produce(records);
  }
  // Starts the host again and again until its group has nothing left. How often it crashed.
  int run_until_done(const std::string& route, int most) {
    int crashes = 0;
    for (; crashes <= most; ++crashes) {
      HostProcess host(files);
      eventually([&] { return !host.running() || kafka.lag(group(route), topic) == 0; }, 240s,
                 "the host to crash or to be done");
      if (!host.running()) {
        ended_with = host.wait_for_end().value_or(-1);
        continue;
      }
      EXPECT_EQ(host.terminate(), 0);
      return crashes;
    }
    ADD_FAILURE() << "it crashed " << crashes << " times";
    return crashes;
  }
  std::size_t handled(const std::string& route) const {
    std::set<std::pair<std::int32_t, std::int64_t>> messages;
    for (const ProbeCall& call : probe_file(route).calls("end"))
      messages.emplace(call.partition, call.offset);
    return messages.size();
  }
  int ended_with = 0;  // the host, when it crashed last
};

TEST_F(Crashes, of_one_message_in_a_batch_of_a_thousand_on_one_of_64_lanes_convict_it_alone) {
  write_route("crasher", "crasher", "concurrency = 64\nmax_batch = 1000\n");
  produce(20'000, "ok", "before-");
  send("bad", "crash");
  produce(20'000, "ok", "after-");
  const int crashes = run_until_done("crasher", 8);
  EXPECT_EQ(ended_with, kSegmentationFault);
  EXPECT_EQ(crashes, 4) << "one in the batch and three alone";
  const auto letters = dead_letters();
  ASSERT_EQ(letters.size(), 1u);
  EXPECT_EQ(letters[0].key, "bad");
  EXPECT_EQ(letters[0].value, "crash");
  EXPECT_EQ(letters[0].header("gantry.reason"), "crashed");
  EXPECT_EQ(letters[0].header("gantry.route"), "crasher");
  EXPECT_EQ(letters[0].header("gantry.attempts"), "3");
  EXPECT_EQ(handled("crasher"), 40'000u);
}

TEST_F(Crashes, of_a_route_that_a_reload_has_changed_are_found_out_as_well) {
  write_route("crasher", "crasher", "concurrency = 1\n");
  {
    HostProcess host(files);
    host.wait_until_ready();
    write_route("crasher", "crasher", "concurrency = 4\nmax_batch = 10\n");
    EXPECT_EQ(command({"reload"}).exit_code, 0);
    send("bad", "crash");
    EXPECT_EQ(host.wait_for_end(), kSegmentationFault);
  }
  EXPECT_EQ(run_until_done("crasher", 8), 3) << "each alone, after the one in the changed route";
  const auto letters = dead_letters();
  ASSERT_EQ(letters.size(), 1u);
  EXPECT_EQ(letters[0].header("gantry.reason"), "crashed");
}

TEST_F(Crashes, by_ten_kills_under_load_convict_nobody) {
  write_route("crasher", "crasher", "concurrency = 8\nmax_batch = 20\n");
  produce(20'000, "sleep:1");
  std::mt19937 random{std::random_device{}()};
  std::size_t before = 0;
  for (int kill = 0; kill < 10; ++kill) {
    HostProcess host(files);
    const std::size_t more = 50 + random() % 500;
    probe_file("crasher").wait_for(before + more, "end");
    host.kill9();
    before = probe_file("crasher").calls("end").size();
  }
  EXPECT_EQ(run_until_done("crasher", 0), 0);
  EXPECT_TRUE(dead_letters().empty());
  EXPECT_EQ(handled("crasher"), 20'000u);
}

// A message that was under suspicion and is killed from outside while it is alone, again and again.
TEST_F(Crashes, by_kills_of_a_suspect_that_is_alone_convict_nobody) {
  write_route("crasher", "crasher", "concurrency = 1\nmax_batch = 10\n");
  std::vector<Record> records;
  for (const char* value : {"sleep:1", "sleep:300", "crash"})
    records.push_back({.topic = topic, .partition = 0, .key = value, .value = value});
  kafka.produce(records);
  {
    HostProcess host(files);
    EXPECT_EQ(host.wait_for_end(), kSegmentationFault);
  }
  for (int kill = 0; kill < 5; ++kill) {
    HostProcess host(files);
    host.wait_for_log("messages that may have crashed the process are handled alone");
    host.kill9();
  }
  run_until_done("crasher", 8);
  const auto letters = dead_letters();
  ASSERT_EQ(letters.size(), 1u);
  EXPECT_EQ(letters[0].key, "crash");
}

TEST_F(Crashes, of_one_route_convict_nothing_of_another) {
  write_route("crasher", "crasher", "concurrency = 4\nmax_batch = 50\n");
  write_probe_route();
  produce(2000, "ok", "before-");
  send("bad", "crash");  // ok for the probe
  produce(2000, "ok", "after-");
  run_until_done("crasher", 8);
  HostProcess host(files);
  kafka.wait_until_committed(group("probe"), topic);
  kafka.wait_until_committed(group("crasher"), topic);
  const auto letters = dead_letters();
  ASSERT_EQ(letters.size(), 1u);
  EXPECT_EQ(letters[0].header("gantry.route"), "crasher");
  EXPECT_EQ(handled("crasher"), 4000u);
  EXPECT_EQ(probe_file().distinct_messages(), 4001u);
}

TEST_F(Crashes, are_counted_up_to_the_limit_of_the_route) {
  write_route("crasher", "crasher", "crash_limit = 1\n");
  send("bad", "crash");
  EXPECT_EQ(run_until_done("crasher", 8), 2);
  EXPECT_EQ(dead_letters().size(), 1u);
}

// Whoever mends a fault has not crashed.
TEST_F(Crashes, that_the_plugin_recovers_from_are_none) {
  write_route("crasher", "crasher", "crash_limit = 1\n");
  send("mended", "recover");
  {
    HostProcess host(files);
    probe_file("crasher").wait_for(1, "end");
    send("in hands", "sleep:60000");
    host.kill9();
  }
  HostProcess host(files);
  host.wait_for_log("the last run did not end cleanly; no message is suspected of it");
  host.kill9();
}

TEST_F(Crashes, of_a_dead_letter_that_comes_back_find_it_again) {
  const std::string name = unique_name("crasher");
  write_route(name, "crasher", "crash_limit = 1\n");
  produce(100, "ok");
  send("bad", "crash");
  EXPECT_EQ(run_until_done(name, 8), 2);
  ASSERT_EQ(dead_letters().size(), 1u);
  const Finished replayed =
      run_gantry({"dlq", "replay", "--route", name, "--config", files.file().string()});
  ASSERT_EQ(replayed.exit_code, 0) << replayed.output;
  int crashes = 0;
  while (dead_letters().size() < 2) {
    ASSERT_LE(++crashes, 8);
    HostProcess host(files);
    eventually([&] { return !host.running() || dead_letters().size() == 2; }, 120s,
               "the host to crash or to be done");
  }
  const auto letters = dead_letters();
  EXPECT_EQ(letters[1].key, "bad");
  EXPECT_EQ(letters[1].header("gantry.reason"), "crashed");
  EXPECT_EQ(letters[1].header("gantry.replays"), "1");
  EXPECT_EQ(letters[1].header("gantry.original-topic"), topic);
  EXPECT_EQ(handled(name), 100u);
}

class Ends : public Crashes, public testing::WithParamInterface<std::pair<const char*, int>> {};

TEST_P(Ends, of_every_kind_find_the_message_that_did_it) {
  write_route("crasher", "crasher", "crash_limit = 1\n");
  produce(100, "ok");
  send("bad", GetParam().first);
  EXPECT_EQ(run_until_done("crasher", 8), 2);
  // exit() lets destructors run beside other threads: which of them ends it is not known.
  if (GetParam().second != 0) {
    EXPECT_EQ(ended_with, GetParam().second);
  }
  const auto letters = dead_letters();
  ASSERT_EQ(letters.size(), 1u);
  EXPECT_EQ(letters[0].key, "bad");
  EXPECT_EQ(handled("crasher"), 100u);
}

INSTANTIATE_TEST_SUITE_P(Kinds, Ends,
                         testing::Values(std::pair{"crash", kSegmentationFault},
                                         std::pair{"thread", kSegmentationFault},
                                         std::pair{"trap", 128 + SIGTRAP},
                                         std::pair{"abort", 128 + SIGABRT}, std::pair{"exit", 0},
                                         std::pair{"_exit", 3},
                                         std::pair{"overflow", kSegmentationFault}),
                         [](const auto& test) {
                           const std::string kind = test.param.first;
                           return kind == "_exit" ? "exit_at_once" : kind;
                         });

}  // namespace
}  // namespace gantry::test
