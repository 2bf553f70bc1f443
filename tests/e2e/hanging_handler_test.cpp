// A handler that never returns: its neighbours go on, the process ends all the same, and its
// message is not lost.
#include "end_to_end.hpp"

namespace gantry::test {
namespace {

class HangingHandler : public EndToEnd {
 protected:
  void SetUp() override {
    kafka.create_topic(topic);
    kafka.create_topic(dlq);
    write_main();
    write_probe_route(
        "probe", "handler_deadline_ms = 1000\ncancel_grace_ms = 500\ndrain_timeout_ms = 1000\n");
    write_probe_route("neighbour", "topics = [\"@RUN@-other\"]\ndrain_timeout_ms = 1000\n");
    kafka.create_topic(run + "-other");
  }
  void hang_one_lane() {
    send("stuck", "hang", 0);
    probe_file().wait_for_key("stuck", "begin");
  }
};

TEST_F(HangingHandler, does_not_block_other_lanes_or_other_routes) {
  HostProcess host(files);
  hang_one_lane();
  for (int i = 0; i < 20; ++i) send("free-" + std::to_string(i), "ok", i % 3);
  kafka.produce({.topic = run + "-other", .key = "other", .value = "ok"});
  for (int i = 0; i < 20; ++i) probe_file().wait_for_key("free-" + std::to_string(i));
  probe_file("neighbour").wait_for_key("other");
}

TEST_F(HangingHandler, does_not_block_the_end_of_the_process) {
  HostProcess host(files);
  hang_one_lane();
  EXPECT_TRUE(host.terminate(60s).has_value()) << "the process did not end";
}

TEST_F(HangingHandler, its_message_is_not_committed_and_comes_again) {
  {
    HostProcess host(files);
    hang_one_lane();
    send("behind", "ok", 0);
    probe_file().wait_for_key("behind");
    host.terminate(60s);
  }
  const auto committed = kafka.committed(group(), topic);
  EXPECT_TRUE(!committed.contains(0) || committed.at(0) == 0)
      << "a message in a hanging handler was committed";
  HostProcess again(files);
  eventually([&] { return probe_file().calls_of("stuck").size() >= 2; }, 120s,
             "the message to come again");
}

TEST_F(HangingHandler, is_reported) {
  HostProcess host(files);
  hang_one_lane();
  host.wait_for_log("a handler is past its deadline and has not returned");
}

}  // namespace
}  // namespace gantry::test
