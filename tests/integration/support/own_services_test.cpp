// Services that one test program has for itself, to break them.
#include <gtest/gtest.h>

#include "support/kafka_client.hpp"
#include "support/kafka_cluster.hpp"
#include "support/postgres.hpp"
#include "support/unique_name.hpp"

namespace gantry::test {
namespace {

TEST(OwnPostgres, keeps_committed_rows_over_a_crash) {
  Postgres server({"fsync=on"});
  const Database database = server.create_database();
  database.execute("CREATE TABLE things (id int); INSERT INTO things VALUES (1)");
  server.stop(Postgres::Shutdown::immediate);
  EXPECT_THROW(database.count("things"), pqxx::broken_connection);
  server.start();
  EXPECT_EQ(database.count("things"), 1);
  EXPECT_EQ(database.value<std::string>("SHOW fsync"), "on");
}

class OwnCluster : public testing::Test {
 protected:
  // One for all of these tests: each leaves it healthy.
  static KafkaCluster& cluster() {
    static KafkaCluster own;
    return own;
  }
  void SetUp() override {
    topic = unique_name("own");
    client.create_topic(topic);
  }
  void TearDown() override {
    cluster().thaw(3);
    cluster().wait_until_healthy();
  }

  KafkaClient client{cluster().bootstrap()};
  std::string topic;
};

TEST_F(OwnCluster, takes_records_while_one_broker_is_killed) {
  cluster().kill(2);
  EXPECT_GE(client.produce({.topic = topic, .key = "a", .value = "1"}).offset, 0);
  cluster().revive(2);
}

TEST_F(OwnCluster, takes_records_while_one_broker_is_frozen) {
  cluster().freeze(3);
  EXPECT_GE(client.produce({.topic = topic, .key = "a", .value = "1"}).offset, 0);
}

TEST_F(OwnCluster, keeps_records_while_all_brokers_are_away) {
  client.produce({.topic = topic, .key = "a", .value = "1"});
  cluster().stop_all();
  EXPECT_FALSE(client.cluster_problem(3).empty());
  cluster().start_all();
  cluster().wait_until_healthy();
  EXPECT_EQ(client.consume_all(topic).size(), 1u);
}

}  // namespace
}  // namespace gantry::test
