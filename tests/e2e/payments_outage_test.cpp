// All brokers away for half a minute while customers pay: every payment is answered, and its event
// follows when they are back. On a cluster of its own.
#include <map>

#include "shop.hpp"

namespace gantry::test {
namespace {

constexpr auto kOutage = 30s;
constexpr int kPayments = 300;

class PaymentsOutage : public Shop {
 protected:
  PaymentsOutage() : Shop(cluster()) {}
  static KafkaCluster& cluster() {
    static KafkaCluster own;
    return own;
  }
  // Of an order whose history is told by several events, by another service in the same table.
  void tell(std::int64_t order, int step) {
    database.execute(
        "INSERT INTO gantry_outbox (route, topic, key, value, headers) VALUES ('payment', '" +
        topic + "', int8send(" + std::to_string(order) +
        "), '{\"type\":\"OrderStep\",\"step\":" + std::to_string(step) + "}', NULL)");
  }
};

TEST_F(PaymentsOutage, every_payment_is_answered_and_the_events_follow_in_order) {
  open();
  for (int order = 1; order <= kPayments; ++order) create_order(order);
  HostProcess host(files);
  host.wait_until_ready(120s);
  EXPECT_EQ(pay(1).status, 200);

  cluster().stop_all();
  const auto until = std::chrono::steady_clock::now() + kOutage;
  for (int order = 2; order <= kPayments; ++order) {
    EXPECT_EQ(pay(order).status, 200) << order;
    if (order <= 10)
      for (int step = 0; step < 5; ++step) tell(order, step);
  }
  eventually([&] { return host.get("/readyz").status == 503; }, 60s,
             "the host to say that it is not ready");
  eventually([&] { return std::chrono::steady_clock::now() >= until; }, 2 * kOutage,
             "the end of the outage");
  EXPECT_EQ(pay(1).status, 200);
  cluster().start_all();
  cluster().wait_until_healthy(180s);
  wait_until_settled();

  EXPECT_EQ(database.count("saved_orders"), kPayments);
  EXPECT_EQ(database.count("notifications WHERE state = 'SENT'"), kPayments);
  EXPECT_TRUE(dead_letters().empty());
  // Only the first delivery counts: one that the outage hit may have come twice.
  std::map<std::string, int> next;
  for (const Record& event : kafka.consume_all(topic)) {
    const auto at = event.value->find("\"step\":");
    if (at == std::string::npos) continue;
    const int step = std::stoi(event.value->substr(at + 7));
    EXPECT_LE(step, next[*event.key]) << "an event came before the one in front of it";
    next[*event.key] = std::max(next[*event.key], step + 1);
  }
  ASSERT_EQ(next.size(), 9u);
  for (const auto& [key, steps] : next) EXPECT_EQ(steps, 5);
}

}  // namespace
}  // namespace gantry::test
