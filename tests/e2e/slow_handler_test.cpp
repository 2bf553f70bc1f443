// A handler that takes longer than max.poll.interval.ms: polling goes on without it.
#include "end_to_end.hpp"

namespace gantry::test {
namespace {

class SlowHandler : public EndToEnd {
 protected:
  void SetUp() override {
    kafka.create_topic(topic);
    kafka.create_topic(dlq);
    write_main();
    write_probe_route("probe", R"(
drain_timeout_ms = 1000
[route.consumer]
"session.timeout.ms" = 6000
"heartbeat.interval.ms" = 1000
"max.poll.interval.ms" = 6000
)");
  }
};

TEST_F(SlowHandler, never_loses_its_assignment) {
  HostProcess host(files);
  send("slow", "sleep:9000", 0);
  probe_file().wait_for_key("slow", "begin");
  send("slow", "ok", 0);
  send("other", "ok", 0);
  probe_file().wait_for_key("other");  // its lane alone is busy
  kafka.wait_until_committed(group(), topic);
  EXPECT_EQ(probe_file().calls().size(), 3u) << "a message came twice";
  const std::string log = host.log();
  const auto first = log.find("partitions assigned");
  ASSERT_NE(first, std::string::npos);
  EXPECT_EQ(log.find("partitions assigned", first + 1), std::string::npos);
  EXPECT_EQ(log.find("the assignment was lost"), std::string::npos);
}

}  // namespace
}  // namespace gantry::test
