// gantry check --connect: whether what a configuration names is there and may be used, found out
// without changing it.
#include <gmock/gmock.h>

#include "end_to_end.hpp"
#include "support/free_port.hpp"

namespace gantry::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class Connections : public EndToEnd {
 protected:
  void SetUp() override {
    kafka.create_topic(topic);
    kafka.create_topic(dlq, {.config = {{"max.message.bytes", "1114124"}}});
    files.set("KAFKA", KafkaCluster::shared().secure_table());
    write_main();
    write_probe_route();
  }
  Finished check() const {
    return run_gantry({"check", "--connect", "--config", files.file().string()});
  }
};

TEST_F(Connections, that_are_all_well_are_each_ok_and_nothing_is_changed) {
  const Finished finished = check();
  EXPECT_EQ(finished.exit_code, 0) << finished.output;
  EXPECT_THAT(
      finished.output,
      AllOf(HasSubstr("ok     topic " + topic +
                      ": 3 partitions, 3 replicas, "
                      "min.insync.replicas 2"),
            HasSubstr("ok     route probe: may read " + topic + " and commit as group " + group()),
            HasSubstr("ok     route probe, dead letters: may write to " + dlq),
            HasSubstr(dlq + " takes records of 1114124 bytes, " + topic + " of 1048588"),
            Not(HasSubstr("to do"))));
  EXPECT_TRUE(kafka.consume_all(dlq).empty()) << "it has written";
  EXPECT_TRUE(kafka.committed(group(), topic).empty()) << "it has committed";
}

TEST_F(Connections, without_the_rights_say_which_are_missing) {
  kafka.show_only(topic);
  kafka.show_only(dlq);
  const Finished finished = check();
  EXPECT_EQ(finished.exit_code, 1);
  EXPECT_THAT(
      finished.output,
      AllOf(HasSubstr("to do  route probe: may not read " + topic + " and commit as group " +
                      group() + ": Broker: Topic authorization failed"),
            HasSubstr("to do  route probe, dead letters: may not write to " + dlq +
                      ": Broker: Topic authorization failed")));
}

TEST_F(Connections, name_topics_that_are_not_there) {
  kafka.forbid(topic);
  const Finished finished = check();
  EXPECT_EQ(finished.exit_code, 1);
  EXPECT_THAT(finished.output,
              HasSubstr("to do  topic " + topic + ": it does not exist, or this user may not see"));
}

TEST_F(Connections, find_topics_that_are_not_as_they_are_declared) {
  write_main(
      "[[topic]]\nname = \"@TOPIC@\"\npartitions = 6\nreplicas = 3\n"
      "config = { \"min.insync.replicas\" = \"1\" }\n");
  const Finished finished = check();
  EXPECT_EQ(finished.exit_code, 1);
  EXPECT_THAT(
      finished.output,
      AllOf(HasSubstr("topic " + topic + ": its partitions is 3 where [[topic]] says 6"),
            HasSubstr("topic " + topic + ": its min.insync.replicas is 2 where [[topic]] says 1")));
}

TEST_F(Connections, find_a_dead_letter_topic_that_is_too_small) {
  const std::string small = run + "-small";
  kafka.create_topic(small);
  files.set("DLQ", small);
  write_main();
  const Finished finished = check();
  EXPECT_EQ(finished.exit_code, 1);
  EXPECT_THAT(finished.output, HasSubstr("the largest of them could not become a dead letter. Set "
                                         "max.message.bytes of " +
                                         small + " to 1114124 or more."));
}

// Where librdkafka is new enough for it, SCRAM works.
TEST_F(Connections, by_scram_work_or_say_that_librdkafka_is_too_old_for_it) {
  files.set("KAFKA", KafkaCluster::shared().secure_table("SCRAM-SHA-512"));
  write_main();
  const Finished finished = check();
  EXPECT_THAT(finished.output, testing::AnyOf(HasSubstr("ok     brokers: "),
                                              HasSubstr("that needs 2.6.1, or another "
                                                        "sasl.mechanism")));
}

TEST_F(Connections, to_brokers_that_are_away_are_to_do_and_databases_are_looked_at_all_the_same) {
  const Database database = Postgres::shared().create_database();
  files.set("KAFKA",
            "[kafka]\n\"bootstrap.servers\" = \"127.0.0.1:" + std::to_string(free_port()) + "\"\n");
  write_main(database_table(database) + "[outbox]\ndatabases = [\"main\"]\n");
  const Finished before = check();
  EXPECT_EQ(before.exit_code, 1);
  EXPECT_THAT(before.output,
              AllOf(HasSubstr("to do  brokers: "), HasSubstr("is missing. Run: gantry db apply")));
  apply_migrations();
  EXPECT_THAT(check().output, AllOf(HasSubstr("ok     database main: it answers"),
                                    HasSubstr("ok     outbox main: 0 rows wait")));
}

TEST_F(Connections, to_a_database_that_is_away_are_to_do) {
  write_main("[database.main]\ndsn = \"host=127.0.0.1 port=" + std::to_string(free_port()) +
             " dbname=none\"\n[outbox]\ndatabases = [\"main\"]\n");
  const Finished finished = check();
  EXPECT_EQ(finished.exit_code, 1);
  EXPECT_THAT(finished.output, AllOf(HasSubstr("to do  database main: "),
                                     HasSubstr("Correct its dsn, or start it.")));
}

}  // namespace
}  // namespace gantry::test
