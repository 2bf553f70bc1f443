// Dead letters whose topic does not take them, on a host that relays an outbox: they are stored on
// their way there, and the route goes on.
#include <gmock/gmock.h>

#include "end_to_end.hpp"

namespace gantry::test {
namespace {

class DeadLetterFallback : public EndToEnd {
 protected:
  void SetUp() override {
    kafka.create_topic(topic);
    write_main(database_table(database) + "[outbox]\ndatabases = [\"main\"]\n");
    write_probe_route();
    apply_migrations();
  }
  Database database = Postgres::shared().create_database();
};

TEST_F(DeadLetterFallback, one_for_a_topic_that_is_missing_arrives_when_it_is_there) {
  HostProcess host(files);
  const Record bad = send("bad", "reject", 1);
  send("good", "ok", 1);
  kafka.wait_until_committed(group(), topic);
  EXPECT_EQ(database.count("gantry_outbox WHERE kind = 'dead-letter'"), 1);
  kafka.create_topic(dlq);
  eventually([&] { return database.count("gantry_outbox") == 0; }, 120s,
             "the dead letter to be relayed");
  const auto letters = dead_letters();
  ASSERT_EQ(letters.size(), 1u);
  EXPECT_EQ(letters[0].key, bad.key);
  EXPECT_EQ(letters[0].value, bad.value);
  EXPECT_EQ(letters[0].header("gantry.reason"), "rejected");
  EXPECT_EQ(letters[0].header("gantry.original-offset"), std::to_string(bad.offset));
}

TEST_F(DeadLetterFallback, one_for_a_topic_without_rights_arrives_when_there_are_any) {
  kafka.create_topic(dlq);
  kafka.forbid(dlq);
  files.set("KAFKA", KafkaCluster::shared().secure_table());
  write_main(database_table(database) + "[outbox]\ndatabases = [\"main\"]\n");
  HostProcess host(files);
  send("bad", "reject", 1);
  send("good", "ok", 1);
  kafka.wait_until_committed(group(), topic);
  EXPECT_EQ(database.count("gantry_outbox WHERE kind = 'dead-letter' AND NOT held"), 1);
  EXPECT_TRUE(dead_letters().empty());
  kafka.permit(dlq);
  eventually([&] { return database.count("gantry_outbox") == 0; }, 120s,
             "the dead letter to be relayed");
  EXPECT_EQ(dead_letters().size(), 1u);
}

TEST_F(DeadLetterFallback, one_that_its_topic_never_takes_is_held_with_the_error) {
  kafka.create_topic(dlq, {.config = {{"max.message.bytes", "500"}}});
  HostProcess host(files);
  send("large", "reject " + std::string(2000, 'x'), 0);
  send("good", "ok", 0);
  kafka.wait_until_committed(group(), topic);
  eventually([&] { return database.count("gantry_outbox WHERE held") == 1; }, 120s,
             "the row to be held");
  EXPECT_THAT(database.value<std::string>("SELECT last_error FROM gantry_outbox"),
              ::testing::HasSubstr("MSG_SIZE_TOO_LARGE"));
  EXPECT_TRUE(dead_letters().empty());
}

}  // namespace
}  // namespace gantry::test
