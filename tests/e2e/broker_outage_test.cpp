// Brokers that are down at the start, one that is killed, and all away for half a minute: the host
// says so, waits, goes on by itself, and neither loses nor dead-letters a message, nor a dead
// letter that was on its way. On a cluster of its own.
#include <optional>

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
  void TearDown() override { bring_back(); }
  void bring_back() {
    cluster().start_all();
    cluster().wait_until_healthy(180s);
  }
  void produce_orders(int count, int first) {
    auto records = skewed_orders(topic, count, 100, first);
    kafka.produce(records);
  }
  // A message is rejected when no broker is left to take its dead letter, nor to say that the host
  // still has the partition: until the host has given up both.
  Record reject_without_brokers(HostProcess& host) {
    const Record bad = send("bad", "wait-for:" + in_folder("gone") + " reject");
    probe_file().wait_for_key("bad", "begin");
    cluster().stop_all();
    touch("gone");
    host.wait_for_log("the assignment was lost");
    EXPECT_EQ(host.get("/readyz").status, 503);
    return bad;
  }
  // The acknowledgement of one that was written may have been lost: then it comes twice.
  void expect_dead_letters_of(const Record& bad) {
    for (const Record& letter : wait_for_dead_letters(1)) {
      EXPECT_EQ(letter.key, bad.key);
      EXPECT_EQ(letter.value, bad.value);
      EXPECT_EQ(letter.header("gantry.reason"), "rejected");
    }
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
  bring_back();
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
  bring_back();
  expect_all_handled(2000);
  host.wait_until_ready(120s);
}

TEST_F(BrokerOutage, a_dead_letter_without_brokers_waits_for_them_and_the_route_goes_on) {
  HostProcess host(files);
  const Record bad = reject_without_brokers(host);
  EXPECT_EQ(host.get("/healthz").status, 200);
  bring_back();
  expect_dead_letters_of(bad);
  produce_orders(100, 1);
  kafka.wait_until_committed(group(), topic, 180s);
  EXPECT_EQ(probe_file().distinct_messages(), 101u);
  host.wait_until_ready(120s);
}

TEST_F(BrokerOutage, a_dead_letter_without_brokers_keeps_its_offset_from_being_committed) {
  std::optional<HostProcess> host(files);
  const Record bad = reject_without_brokers(*host);
  host->kill9();
  bring_back();
  const auto committed = kafka.committed(group(), topic);
  if (const auto offset = committed.find(bad.partition); offset != committed.end()) {
    EXPECT_LE(offset->second, bad.offset);
  }
  EXPECT_TRUE(dead_letters().empty());
  host.emplace(files);
  expect_dead_letters_of(bad);
  kafka.wait_until_committed(group(), topic, 180s);
}

}  // namespace
}  // namespace gantry::test
