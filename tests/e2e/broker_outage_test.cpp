// Brokers that are down at the start, one that is killed, and all away for half a minute: the host
// says so, waits, goes on by itself, and neither loses nor dead-letters a message. On a cluster of
// its own.
#include "end_to_end.hpp"

namespace gantry::test {
namespace {

constexpr auto kOutage = 30s;

class BrokerOutage : public EndToEnd {
 protected:
  // One for all of these tests: each leaves it healthy.
  static KafkaCluster& cluster() {
    static KafkaCluster own;
    return own;
  }
  BrokerOutage() : EndToEnd(cluster()) {}
  void SetUp() override {
    kafka.create_topic(topic);
    kafka.create_topic(dlq);
    write_main();
    write_probe_route();
  }
  void TearDown() override {
    cluster().start_all();
    cluster().wait_until_healthy(180s);
  }
  void produce_orders(int count, int first) {
    auto records = skewed_orders(topic, count, 100, first);
    kafka.produce(records);
  }
  void expect_all_handled(std::size_t count) {
    kafka.wait_until_committed(group(), topic, 180s);
    EXPECT_EQ(probe_file().distinct_messages(), count);
    EXPECT_EQ(probe_file().order_problem(), "");
    EXPECT_TRUE(dead_letters().empty());
  }
};

TEST_F(BrokerOutage, brokers_down_at_the_start_are_waited_for) {
  produce_orders(200, 1);
  cluster().stop_all();
  HostProcess host(files);
  eventually([&] { return host.get("/healthz").status == 200; }, 60s,
             "the host to be alive without brokers");
  host.wait_for_log("broker");
  EXPECT_EQ(host.get("/readyz").status, 503);
  cluster().start_all();
  cluster().wait_until_healthy(180s);
  expect_all_handled(200);
  host.wait_until_ready(120s);
}

TEST_F(BrokerOutage, one_killed_broker_loses_nothing) {
  HostProcess host(files);
  produce_orders(500, 1);
  probe_file().wait_for(100, "end");
  cluster().kill(2);
  produce_orders(500, 501);
  expect_all_handled(1000);
}

TEST_F(BrokerOutage, all_brokers_away_for_half_a_minute_are_reported_and_nothing_is_lost) {
  HostProcess host(files);
  host.wait_until_ready(120s);
  auto records = skewed_orders(topic, 2000, 100);
  for (Record& record : records) record.value = "sleep:2";
  kafka.produce(records);
  probe_file().wait_for(200, "end");
  cluster().stop_all();
  const auto until = std::chrono::steady_clock::now() + kOutage;
  eventually([&] { return host.get("/readyz").status == 503; }, 60s,
             "the host to say that it is not ready");
  eventually([&] { return std::chrono::steady_clock::now() >= until; }, 2 * kOutage,
             "the end of the outage");
  EXPECT_TRUE(host.running());
  EXPECT_EQ(host.get("/healthz").status, 200);
  cluster().start_all();
  cluster().wait_until_healthy(180s);
  expect_all_handled(2000);
  host.wait_until_ready(120s);
}

}  // namespace
}  // namespace gantry::test
