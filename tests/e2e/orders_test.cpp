// 20,000 orders with skewed keys through both listeners of trace-topic, on a real cluster and a
// real PostgreSQL, with an AlertTalk that counts. A third route, the probe, shows in which order
// events were handled.
#include "end_to_end.hpp"
#include "support/alerttalk_server.hpp"

namespace gantry::test {
namespace {

constexpr int kOrders = 20000;
constexpr int kCustomers = 2000;

class Orders : public EndToEnd {
 protected:
  void configure() {
    kafka.create_topic(topic);
    kafka.create_topic(dlq);
    files.set("ALERTTALK", alert_talk.url());
    write_main(database_table(database));
    write_probe_route();
    files.route("order-saver", R"(
[[plugin]]
library = "liborder-saver.so"
[[route]]
name = "order-saver"
handler = "order-saver"
topics = ["@TOPIC@"]
settings = { database = "main" }
)");
    files.route("alert", R"(
[[plugin]]
library = "libalert.so"
[[route]]
name = "alert"
handler = "alert"
topics = ["@TOPIC@"]
settings = { database = "main", url = "@ALERTTALK@", template = "order-paid", sender_key = "secret" }
)");
    apply_migrations();
  }

  void wait_until_all_is_committed() {
    for (const char* route : {"order-saver", "alert", "probe"}) {
      kafka.wait_until_committed(group(route), topic, 240s);
    }
  }

  void expect_everything_done() {
    EXPECT_EQ(database.count("saved_orders"), kOrders);
    EXPECT_EQ(database.value<int>("SELECT count(DISTINCT order_id) FROM saved_orders"), kOrders);
    EXPECT_EQ(database.count("notifications WHERE state = 'SENT'"), kOrders);
    EXPECT_EQ(database.count("notifications"), kOrders);
    EXPECT_EQ(alert_talk.requests_by_key().size(), static_cast<std::size_t>(kOrders));
    EXPECT_EQ(probe_file().distinct_messages(), static_cast<std::size_t>(kOrders));
    EXPECT_EQ(probe_file().order_problem(), "");
    EXPECT_TRUE(dead_letters().empty());
  }

  AlertTalkServer alert_talk;
  Database database = Postgres::shared().create_database();
};

TEST_F(Orders, each_is_saved_once_and_notified_once_and_committed) {
  configure();
  auto records = skewed_orders(topic, kOrders, kCustomers);
  kafka.produce(records);
  HostProcess host(files);
  wait_until_all_is_committed();
  expect_everything_done();
  EXPECT_EQ(alert_talk.request_count(), static_cast<std::size_t>(kOrders))
      << "some were notified twice";
  EXPECT_EQ(probe_file().calls().size(), static_cast<std::size_t>(kOrders))
      << "some were handled twice";
  EXPECT_EQ(host.terminate(), 0);
}

TEST_F(Orders, each_is_saved_once_and_notified_under_one_key_over_a_kill_9_in_the_middle) {
  configure();
  auto records = skewed_orders(topic, kOrders, kCustomers);
  kafka.produce(records);
  {
    HostProcess killed(files);
    alert_talk.wait_for_requests(kOrders / 4, 240s);
    killed.kill9();
  }
  ASSERT_LT(alert_talk.requests_by_key().size(), static_cast<std::size_t>(kOrders))
      << "it was killed too late";
  HostProcess host(files);
  wait_until_all_is_committed();
  expect_everything_done();
  EXPECT_EQ(host.terminate(), 0);
}

}  // namespace
}  // namespace gantry::test
