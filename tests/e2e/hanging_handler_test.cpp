// A handler that never returns: its neighbours go on, the process ends all the same, and its
// message is not lost.
#include <gmock/gmock.h>

#include "end_to_end.hpp"
#include "metric_samples.hpp"

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
  // The route alone, and with a reason; the process itself is as alive as before.
  static void expect_not_ready(const HostProcess& host) {
    const HttpAnswer readiness = host.get("/readyz");
    EXPECT_EQ(readiness.status, 503);
    EXPECT_THAT(
        readiness.body,
        testing::HasSubstr("\"route:probe\":{\"ready\":false,\"state\":\"stuck\",\"reason\":"
                           "\"a handler has not returned since its deadline"));
    EXPECT_THAT(readiness.body, testing::HasSubstr("\"route:neighbour\":{\"ready\":true,"));
    EXPECT_EQ(host.get("/healthz").status, 200);
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

TEST_F(HangingHandler, is_told_in_log_metrics_and_health_while_all_else_goes_on) {
  HostProcess host(files);
  host.wait_until_ready();
  const std::string stuck = "gantry_route_state{route=\"probe\",state=\"stuck\"}";
  EXPECT_EQ(sample_of(host.get("/metrics").body, stuck), 0);
  hang_one_lane();
  host.wait_for_log("a handler is past its deadline and has not returned");
  eventually([&] { return sample_of(host.get("/metrics").body, stuck) == 1; }, 60s,
             "the metric to say that the route is stuck");
  expect_not_ready(host);

  // What goes on is neither the route's recovery nor the neighbour's illness.
  send("later", "ok", 1);
  kafka.produce({.topic = run + "-other", .key = "other", .value = "ok"});
  probe_file().wait_for_key("later");
  probe_file("neighbour").wait_for_key("other");
  expect_not_ready(host);
  const std::string metrics = host.get("/metrics").body;
  EXPECT_EQ(sample_of(metrics, stuck), 1);
  EXPECT_EQ(sample_of(metrics, "gantry_route_state{route=\"probe\",state=\"running\"}"), 0);
  EXPECT_EQ(sample_of(metrics, "gantry_part_ready{part=\"route:probe\"}"), 0);
  EXPECT_EQ(sample_of(metrics, "gantry_in_flight{route=\"probe\"}"), 1);
  EXPECT_EQ(sample_of(metrics, "gantry_route_state{route=\"neighbour\",state=\"running\"}"), 1);
  EXPECT_EQ(sample_of(metrics, "gantry_part_ready{part=\"route:neighbour\"}"), 1);
}

}  // namespace
}  // namespace gantry::test
