// PostgreSQL stopped for half a minute while orders come in: the host says so, waits, goes on by
// itself; nothing is lost and nothing is dead-lettered for it. On a server of its own.
#include "end_to_end.hpp"

namespace gantry::test {
namespace {

constexpr auto kOutage = 30s;

class DatabaseOutage : public EndToEnd {
 protected:
  void SetUp() override {
    kafka.create_topic(topic);
    kafka.create_topic(dlq);
    write_main(database_table(database));
    files.route("order-saver", R"(
[[plugin]]
library = "liborder-saver.so"
[[route]]
name = "order-saver"
handler = "order-saver"
topics = ["@TOPIC@"]
settings = { database = "main" }
)");
    apply_migrations();
  }
  void produce_orders(int count, int first) {
    auto records = skewed_orders(topic, count, 100, first);
    kafka.produce(records);
  }

  Postgres server;
  Database database = server.create_database();
};

TEST_F(DatabaseOutage, half_a_minute_without_the_database_is_reported_and_nothing_is_lost) {
  HostProcess host(files);
  produce_orders(1000, 1);
  eventually([&] { return database.count("saved_orders") == 1000; }, 120s,
             "the first orders to be saved");
  server.stop(Postgres::Shutdown::immediate);
  const auto until = std::chrono::steady_clock::now() + kOutage;
  produce_orders(1000, 1001);
  eventually([&] { return host.get("/readyz").body.find("unavailable") != std::string::npos; }, 60s,
             "the host to say that the database is unavailable");
  eventually([&] { return std::chrono::steady_clock::now() >= until; }, 2 * kOutage,
             "the end of the outage");
  EXPECT_EQ(host.get("/healthz").status, 200);
  server.start();
  kafka.wait_until_committed(group("order-saver"), topic, 180s);
  EXPECT_EQ(database.count("saved_orders"), 2000);
  EXPECT_TRUE(dead_letters().empty());
  host.wait_until_ready(60s);
}

TEST_F(DatabaseOutage, a_database_that_is_down_at_the_start_is_waited_for) {
  server.stop(Postgres::Shutdown::fast);
  produce_orders(100, 1);
  HostProcess host(files);
  eventually([&] { return host.get("/readyz").body.find("database") != std::string::npos; }, 60s,
             "/readyz to name the database");
  server.start();
  kafka.wait_until_committed(group("order-saver"), topic, 180s);
  EXPECT_EQ(database.count("saved_orders"), 100);
}

TEST_F(DatabaseOutage, missing_migrations_make_the_route_not_ready_and_are_named) {
  database.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public");
  HostProcess host(files);
  eventually([&] { return host.get("/readyz").body.find("gantry db apply") != std::string::npos; },
             60s, "/readyz to say what to do");
  apply_migrations();
  produce_orders(10, 1);
  kafka.wait_until_committed(group("order-saver"), topic);
  EXPECT_EQ(database.count("saved_orders"), 10);
}

}  // namespace
}  // namespace gantry::test
