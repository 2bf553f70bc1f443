// Handlers publish while all brokers go away and come back: everything arrives, in order, and the
// route says what it waits for. On a cluster of its own.
#include <atomic>
#include <thread>

#include "forwarding.hpp"

namespace gantry::test {
namespace {

class PublishingOutage : public Forwarding {
 protected:
  static KafkaCluster& cluster() {
    static KafkaCluster own;
    return own;
  }
  PublishingOutage() : Forwarding(cluster()) {}
  void TearDown() override {
    cluster().start_all();
    cluster().wait_until_healthy(180s);
  }
};

TEST_F(PublishingOutage, of_all_brokers_loses_nothing_and_keeps_the_order_of_each_key) {
  kafka.create_topic(out);
  write_route("", "forward");
  produce(50'000);
  HostProcess host(files);
  eventually([&] { return written() >= 5'000; }, 90s, "records in the output topic");
  cluster().stop_all();
  eventually([&] { return host.get("/readyz").body.find("holding") != std::string::npos; }, 60s,
             "the route to say that it holds");
  cluster().start_all();
  cluster().wait_until_healthy(180s);
  wait_until_committed();
  expect_all_in_order(50'000);
  host.wait_until_ready(120s);
  EXPECT_TRUE(dead_letters().empty());
}

// Also the broker that keeps the group's offsets: of commits that wait for another, the newest has
// to be the last.
TEST_F(PublishingOutage, of_one_broker_after_the_other_loses_nothing_and_keeps_the_order) {
  kafka.create_topic(out);
  write_route("", "forward");
  HostProcess host(files);
  host.wait_until_ready();
  constexpr int kEach = 30'000;
  for (int node = 1; node <= 3; ++node) {
    const std::size_t before = written();
    produce(kEach, (node - 1) * kEach + 1);
    eventually([&] { return written() >= before + 1'000; }, 90s, "records in the output topic");
    cluster().kill(node);  // with the rest of them on their way
    wait_until_committed();
    cluster().revive(node);
    cluster().wait_until_healthy(180s);
  }
  expect_all_in_order(3 * kEach);
  EXPECT_TRUE(dead_letters().empty());
}

TEST_F(PublishingOutage, of_replicas_holds_the_route_until_there_are_enough) {
  kafka.create_topic(out, {.config = {{"min.insync.replicas", "3"}}});
  write_route();
  HostProcess host(files);
  host.wait_until_ready();
  cluster().kill(3);
  produce(500);
  eventually([&] { return host.get("/readyz").body.find("holding") != std::string::npos; }, 90s,
             "the route to say that it holds");
  cluster().revive(3);
  wait_until_committed();
  expect_all_in_order(500);
  EXPECT_TRUE(dead_letters().empty());
}

}  // namespace
}  // namespace gantry::test
