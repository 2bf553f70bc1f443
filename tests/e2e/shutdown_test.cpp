// SIGTERM: what handlers have is finished, what is finished is committed, nothing comes twice
// afterwards.
#include <signal.h>

#include "end_to_end.hpp"

namespace gantry::test {
namespace {

class Shutdown : public EndToEnd {
 protected:
  void SetUp() override {
    kafka.create_topic(topic);
    kafka.create_topic(dlq);
    write_main();
    write_probe_route();
  }
  void restart_in_the_middle_of(std::vector<Record>& records) {
    kafka.produce(records);
    for (const int part : {1, 3, 5}) {
      HostProcess host(files);
      probe_file().wait_for(records.size() * static_cast<std::size_t>(part) / 8, "end");
      EXPECT_EQ(host.terminate(), 0);
    }
    HostProcess host(files);
    kafka.wait_until_committed(group(), topic);
  }
};

TEST_F(Shutdown, drains_what_handlers_have_and_commits_it) {
  {
    HostProcess host(files);
    send("slow", "wait-for:" + in_folder("go"));
    probe_file().wait_for_key("slow", "begin");
    host.signal(SIGTERM);
    host.wait_for_log("stopping: handlers finish what they have");
    touch("go");
    EXPECT_EQ(host.wait_for_end(), 0);
  }
  EXPECT_EQ(probe_file().calls_of("slow", "end").size(), 1u);
  EXPECT_EQ(kafka.lag(group(), topic), 0);
}

TEST_F(Shutdown, restarts_in_the_middle_of_many_messages_lose_none_and_keep_the_order_of_each_key) {
  auto records = skewed_orders(topic, 5000, 300);
  for (Record& record : records) record.value = "sleep:1";
  restart_in_the_middle_of(records);
  EXPECT_EQ(probe_file().distinct_messages(), 5000u);
  EXPECT_EQ(probe_file().order_problem(), "");
}

// With a key each, nothing is handled ahead of an unfinished message once the handlers are drained.
TEST_F(Shutdown, restarts_in_the_middle_of_many_keys_handle_each_message_once) {
  std::vector<Record> records;
  for (int i = 0; i < 5000; ++i) {
    records.push_back({.topic = topic, .key = "key-" + std::to_string(i), .value = "sleep:1"});
  }
  restart_in_the_middle_of(records);
  EXPECT_EQ(probe_file().distinct_messages(), 5000u);
  EXPECT_EQ(probe_file().calls().size(), 5000u) << "some were handled twice";
}

TEST_F(Shutdown, an_idle_host_ends_with_0) {
  HostProcess host(files);
  host.wait_until_ready(120s);
  EXPECT_EQ(host.terminate(), 0);
}

TEST_F(Shutdown, bad_configuration_ends_with_78_and_names_the_mistake) {
  files.route("probe", "[[route]]\nname = \"x\"\nhandlr = \"probe\"\n");
  HostProcess host(files);
  EXPECT_EQ(host.wait_for_end(), 78);
  EXPECT_NE(host.log().find("handlr"), std::string::npos);
}

}  // namespace
}  // namespace gantry::test
