// gantry outbox and gantry db prune, as a person uses them.
#include <gmock/gmock.h>

#include <boost/json.hpp>

#include "end_to_end.hpp"
#include "support/free_port.hpp"

namespace gantry::test {
namespace {

namespace json = boost::json;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class OutboxCommands : public EndToEnd {
 protected:
  void SetUp() override {
    kafka.create_topic(topic, {.config = {{"max.message.bytes", "2000"}}});
    kafka.create_topic(dlq, {.config = {{"retention.ms", "2592000000"}}});
    files.set("ROUTE", route);
    write_main(database_table(database) + "[outbox]\ndatabases = [\"main\"]\n");
    write_alert_route();
    apply_migrations();
  }
  void write_alert_route() {
    files.route("alert", R"(
[[plugin]]
library = "libalert.so"
[[route]]
name = "@ROUTE@"
handler = "alert"
topics = ["@TOPIC@"]
settings = { database = "main", url = "http://127.0.0.1:1/", template = "order-paid", sender_key = "secret" }
)");
  }
  // A record that the topic does not take, of a route that is no longer there, so that nobody knows
  // where its dead letter should go.
  void insert_too_large() {
    database.execute(
        "INSERT INTO gantry_outbox (route, topic, key, value, headers) VALUES ('gone', '" + topic +
        "', 'k', convert_to(repeat('x', 5000), 'UTF8'), NULL)");
  }
  void wait_until_held() {
    eventually([&] { return database.count("gantry_outbox WHERE held") == 1; }, 60s,
               "the row to be held");
  }
  Finished command(std::vector<std::string> words,
                   const std::map<std::string, std::string>& environment = {}) const {
    words.insert(words.end(), {"--config", files.file().string()});
    return run_gantry(words, environment);
  }
  std::string output(std::vector<std::string> words) const {
    const Finished finished = command(std::move(words));
    EXPECT_EQ(finished.exit_code, 0) << finished.output;
    return finished.output;
  }

  const std::string route = unique_name("alert");
  Database database = Postgres::shared().create_database();
};

TEST_F(OutboxCommands, a_held_row_is_listed_shown_and_published_once_its_topic_takes_it) {
  HostProcess host(files);
  insert_too_large();
  wait_until_held();
  EXPECT_THAT(output({"outbox", "list"}),
              AllOf(HasSubstr("DATABASE  ROW  CREATED"), HasSubstr("main      1    20"),
                    HasSubstr("  gone   " + topic + "  k    MSG_SIZE_TOO_LARGE")));
  EXPECT_THAT(
      output({"outbox", "show", "1"}),
      AllOf(HasSubstr("row 1 of gantry_outbox in database main\n"),
            HasSubstr("  topic         " + topic + "\n"), HasSubstr("value, 5000 bytes:\nxxx")));
  EXPECT_EQ(output({"outbox", "show", "--raw"}), std::string(5000, 'x'));
  kafka.delete_topic(topic);
  eventually([&] { return !kafka.topic(topic); }, 30s, "the topic to be gone");
  kafka.create_topic(topic);
  EXPECT_THAT(output({"outbox", "retry", "1"}),
              AllOf(HasSubstr("1 of 1 row released\n"), HasSubstr("outbox rows released  by=")));
  eventually([&] { return database.count("gantry_outbox") == 0; }, 60s, "the row to be published");
  EXPECT_EQ(kafka.consume_all(topic).at(0).value, std::string(5000, 'x'));
  EXPECT_EQ(output({"outbox", "list"}), "no rows are held\n");
}

TEST_F(OutboxCommands, a_held_row_is_discarded_when_it_is_named_and_not_before) {
  HostProcess host(files);
  insert_too_large();
  wait_until_held();
  const Finished unnamed = command({"outbox", "discard"});
  EXPECT_EQ(unnamed.exit_code, 64);
  EXPECT_THAT(unnamed.output, HasSubstr("say which"));
  EXPECT_THAT(output({"outbox", "discard", "--topic", topic, "--dry-run"}),
              HasSubstr("1 row would be discarded"));
  EXPECT_EQ(database.count("gantry_outbox"), 1);
  EXPECT_THAT(output({"outbox", "discard", "--topic", topic}), HasSubstr("1 of 1 row discarded"));
  EXPECT_EQ(database.count("gantry_outbox"), 0);
}

TEST_F(OutboxCommands, rows_are_listed_for_programs) {
  database.execute(
      "INSERT INTO gantry_outbox (route, topic, key, value, held) VALUES ('r', 't', "
      "'\\x0000000000000029', '\\x00ff', true)");
  const json::value rows = json::parse(output({"outbox", "list", "--json"})).at("rows");
  EXPECT_EQ(rows.at(0).at("id"), json::value(1));
  EXPECT_EQ(rows.at(0).at("keyHex"), json::value("0000000000000029"));
  EXPECT_EQ(rows.at(0).at("valueHex"), json::value("00ff"));
}

TEST_F(OutboxCommands, say_what_is_missing_without_the_table) {
  database.execute("DROP TABLE gantry_outbox");
  const Finished finished = command({"outbox", "list"});
  EXPECT_EQ(finished.exit_code, 1);
  EXPECT_THAT(finished.output, AllOf(HasSubstr("database main: "), HasSubstr("gantry db apply")));
}

class DbPrune : public OutboxCommands {
 protected:
  void SetUp() override {
    OutboxCommands::SetUp();
    kafka.create_topic("gantry.replay." + route,
                       {.partitions = 1, .config = {{"retention.ms", "2592000000"}}});
    for (const int age : {100, 80, 1})
      database.execute("INSERT INTO notifications VALUES ('of-" + std::to_string(age) +
                       "-days', 1, 7, 'SENT', 1, now() - interval '" + std::to_string(age) +
                       " days', now())");
  }
};

TEST_F(DbPrune, deletes_what_is_older_than_messages_are_kept_after_it_was_shown) {
  EXPECT_THAT(output({"db", "prune", "--older-than", "90d", "--dry-run"}),
              HasSubstr("main  notifications (sent or failed): would delete 1\n"));
  EXPECT_EQ(database.count("notifications"), 3);
  EXPECT_THAT(output({"db", "prune", "--older-than", "90d"}),
              AllOf(HasSubstr("main  notifications (sent or failed): deleted 1\n"),
                    HasSubstr("rows pruned  by=")));
  EXPECT_EQ(database.count("notifications"), 2);
}

TEST_F(DbPrune, refuses_less_than_messages_may_come_again_and_says_why) {
  const Finished finished = command({"db", "prune", "--older-than", "30d"});
  EXPECT_EQ(finished.exit_code, 1);
  EXPECT_THAT(finished.output, HasSubstr("messages of route \"" + route +
                                         "\" may come again for 67 days (7 days in " + topic +
                                         ", 30 days in " + dlq + ", 30 days in gantry.replay." +
                                         route + "): take --older-than 67d or more"));
  EXPECT_EQ(database.count("notifications"), 3);
  EXPECT_THAT(output({"db", "prune", "--older-than", "30d", "--force"}), HasSubstr("deleted 2\n"));
}

TEST_F(DbPrune, refuses_without_brokers_unless_it_is_forced) {
  files.set("KAFKA",
            "[kafka]\n\"bootstrap.servers\" = \"127.0.0.1:" + std::to_string(free_port()) + "\"\n");
  write_main(database_table(database) + "[outbox]\ndatabases = [\"main\"]\n");
  const Finished finished = command({"db", "prune", "--older-than", "90d"});
  EXPECT_EQ(finished.exit_code, 1);
  EXPECT_THAT(finished.output, HasSubstr("not known without the brokers; --force does without"));
  EXPECT_EQ(database.count("notifications"), 3);
  EXPECT_THAT(output({"db", "prune", "--older-than", "90d", "--force"}), HasSubstr("deleted 1\n"));
}

}  // namespace
}  // namespace gantry::test
