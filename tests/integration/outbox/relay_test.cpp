// The outbox relay on a real PostgreSQL, with brokers that the test plays.
#include "outbox/relay.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <pqxx/pqxx>

#include "gantry_outbox_migrations.hpp"
#include "integration/outbox/fake_brokers.hpp"
#include "support/postgres.hpp"
#include "support/wait.hpp"

namespace gantry::outbox {
namespace {

using test::FakeBrokers;
using test::Postgres;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::UnorderedElementsAre;
using namespace std::chrono_literals;

// Refused records of the route "known" go to "dlq", with the error as a header.
std::optional<route::OutRecord> letter(const OutboxRow& row, const std::string& error) {
  if (row.route != "known") return std::nullopt;
  route::OutRecord record = row.record;
  record.topic = "dlq";
  record.headers.push_back({"why", error});
  return record;
}

class RelayTest : public testing::Test {
 protected:
  explicit RelayTest(Postgres& server = Postgres::shared()) : database{server.create_database()} {
    for (const auto& migration : migrations::gantry_outbox) database.execute(migration.sql);
  }
  std::unique_ptr<Relay> make(const std::string& host = "host",
                              std::chrono::milliseconds message_timeout = 400ms) {
    auto relay = std::make_unique<Relay>(
        RelaySettings{.database = "main",
                      .dsn = database.dsn(),
                      .host = host,
                      .message_timeout = message_timeout},
        [this] { return brokers.publisher(); }, letter, health);
    relay->start();
    return relay;
  }
  void insert(const std::string& topic, std::optional<std::string> key, const std::string& value,
              const std::string& route = "known") {
    database.execute(sql(topic, std::move(key), value, route));
  }
  static std::string sql(const std::string& topic, std::optional<std::string> key,
                         const std::string& value, const std::string& route = "known") {
    return "INSERT INTO gantry_outbox (route, topic, key, value) VALUES ('" + route + "', '" +
           topic + "', " + (key ? "'" + *key + "'::bytea" : "NULL") + ", '" + value + "'::bytea)";
  }
  void wait_until(const std::function<bool()>& predicate, const char* what) {
    test::eventually(predicate, 60s, [&] {
      return std::string(what) + "; outbox: " + state() +
             ", rows: " + std::to_string(database.count("gantry_outbox"));
    });
  }
  void wait_until_empty() {
    wait_until([&] { return database.count("gantry_outbox") == 0; }, "the table is empty");
  }
  std::string state() {
    const auto parts = health.snapshot();
    const auto part = parts.find("outbox:main");
    return part == parts.end() ? "" : part->second.state + ": " + part->second.reason;
  }
  bool is(const std::string& expected) { return state().starts_with(expected); }

  test::Database database;
  FakeBrokers brokers;
  observe::Health health;
};

TEST_F(RelayTest, publishes_in_the_order_of_the_rows_and_deletes_what_is_acknowledged) {
  for (int i = 0; i < 20; ++i) insert("t", "k", std::to_string(i));
  const auto relay = make();
  wait_until_empty();
  std::vector<std::string> expected;
  for (int i = 0; i < 20; ++i) expected.push_back(std::to_string(i));
  EXPECT_EQ(brokers.values("t"), expected);
}

TEST_F(RelayTest, sends_every_byte_of_the_row) {
  database.execute(
      "INSERT INTO gantry_outbox (route, topic, partition, key, value, headers) VALUES "
      "('known', 't', 2, '\\x00ff', '\\x', '\\x00000001610000000201ff0000000162ffffffff'), "
      "('known', 't', NULL, NULL, NULL, NULL)");
  const auto relay = make();
  wait_until_empty();
  const auto records = brokers.taken("t");
  ASSERT_EQ(records.size(), 2u);
  EXPECT_EQ(records[0].partition, 2);
  EXPECT_EQ(records[0].key, std::string("\0\xff", 2));
  EXPECT_EQ(records[0].value, "");
  ASSERT_EQ(records[0].headers.size(), 2u);
  EXPECT_EQ(records[0].headers[0].name, "a");
  EXPECT_EQ(records[0].headers[0].value, "\x01\xff");
  EXPECT_EQ(records[0].headers[1].name, "b");
  EXPECT_EQ(records[0].headers[1].value, std::nullopt);
  EXPECT_EQ(records[1].partition, -1);
  EXPECT_EQ(records[1].key, std::nullopt);
  EXPECT_EQ(records[1].value, std::nullopt);
}

TEST_F(RelayTest, never_skips_a_row_that_commits_late) {
  pqxx::connection connection(database.dsn());
  pqxx::work early(connection);
  early.exec(sql("t", "a", "early"));  // takes the lower id and keeps it open
  insert("t", "b", "late");
  const auto relay = make();
  wait_until([&] { return brokers.values("t").size() == 1; }, "the later row is published");
  early.commit();
  relay->wake();
  wait_until_empty();
  EXPECT_THAT(brokers.values("t"), ElementsAre("late", "early"));
}

TEST_F(RelayTest, keeps_a_row_until_it_is_acknowledged) {
  brokers.hold("t");
  insert("t", "k", "v");
  const auto relay = make();
  wait_until([&] { return brokers.waiting() == 1; }, "the record is on its way");
  EXPECT_EQ(database.count("gantry_outbox"), 1);
  brokers.mend("t");
  wait_until_empty();
}

TEST_F(RelayTest, a_failing_topic_holds_back_its_own_keys_and_keeps_their_order) {
  brokers.fail("down");
  for (int i = 0; i < 5; ++i) {
    insert("down", "k", std::to_string(i));
    insert("up", "k", std::to_string(i));
  }
  const auto relay = make();
  wait_until([&] { return brokers.values("up").size() == 5; }, "the other topic goes on");
  wait_until([&] { return is("holding"); }, "it is reported");
  EXPECT_THAT(state(), HasSubstr("NOT_ENOUGH_REPLICAS"));
  wait_until([&] { return database.value<int>("SELECT max(attempts) FROM gantry_outbox") > 1; },
             "the failures are counted");
  EXPECT_THAT(database.value<std::string>("SELECT max(last_error) FROM gantry_outbox"),
              HasSubstr("NOT_ENOUGH_REPLICAS"));
  brokers.mend("down");
  wait_until_empty();
  EXPECT_THAT(brokers.values("down"), ElementsAre("0", "1", "2", "3", "4"));
  wait_until([&] { return is("running"); }, "all is well again");
}

TEST_F(RelayTest, a_record_that_fails_at_once_is_not_overtaken_by_the_rows_read_with_it) {
  brokers.fail_once("t");
  for (int i = 0; i < 3; ++i) insert("t", "k", std::to_string(i));
  const auto relay = make();
  wait_until_empty();
  EXPECT_THAT(brokers.values("t"), ElementsAre("0", "1", "2"));
}

TEST_F(RelayTest, one_of_a_refused_batch_goes_out_alone_and_its_key_behind_it) {
  brokers.refuse_batches("t");
  for (int i = 0; i < 3; ++i) insert("t", "k", std::to_string(i));
  const auto relay = make("host", 60s);
  wait_until([&] { return brokers.waiting() == 1; }, "the first goes alone");
  insert("t", "k", "3");
  insert("t", "another", "4");
  brokers.mend("t");
  wait_until_empty();
  auto values = brokers.values("t");
  std::erase(values, "4");
  EXPECT_THAT(values, ElementsAre("0", "1", "2", "3"));
  for (const route::OutRecord& record : brokers.taken("t"))
    EXPECT_EQ(record.alone, record.value == "0") << *record.value;
}

TEST_F(RelayTest, rows_that_somebody_deletes_while_they_are_held_back_are_waited_for_no_more) {
  brokers.fail("down");
  insert("down", "k", "1");
  const auto relay = make();
  wait_until([&] { return is("holding"); }, "it is reported");
  database.execute("DELETE FROM gantry_outbox");
  wait_until([&] { return is("running"); }, "all is well again");
}

TEST_F(RelayTest, recalls_what_waits_too_long_before_single_records_are_given_up) {
  brokers.hold("t");
  for (int i = 0; i < 5; ++i) insert("t", "k", std::to_string(i));
  const auto relay = make();
  wait_until([&] { return brokers.recalls() > 0; }, "the publisher was asked to give them back");
  brokers.mend("t");
  wait_until_empty();
  EXPECT_THAT(brokers.values("t"), ElementsAre("0", "1", "2", "3", "4"));
}

TEST_F(RelayTest, a_refused_record_becomes_a_dead_letter_through_the_table) {
  brokers.refuse("t");
  insert("t", "k", "v");
  insert("other", "k", "w");
  const auto relay = make();
  wait_until_empty();
  EXPECT_THAT(brokers.values("other"), ElementsAre("w"));
  const auto letters = brokers.taken("dlq");
  ASSERT_EQ(letters.size(), 1u);
  EXPECT_EQ(letters[0].key, "k");
  EXPECT_EQ(letters[0].value, "v");
  ASSERT_EQ(letters[0].headers.size(), 1u);
  EXPECT_THAT(letters[0].headers[0].value, testing::Optional(HasSubstr("MSG_SIZE_TOO_LARGE")));
}

TEST_F(RelayTest, a_refused_dead_letter_stays_held_with_its_error) {
  brokers.refuse("t");
  brokers.refuse("dlq");
  insert("t", "k", "v");
  insert("t", "k", "of another host", "unknown");
  const auto relay = make();
  wait_until(
      [&] { return database.value<int>("SELECT count(*) FROM gantry_outbox WHERE held") == 2; },
      "both are held");
  EXPECT_EQ(database.value<int>("SELECT count(*) FROM gantry_outbox WHERE kind = 'dead-letter'"),
            1);
  EXPECT_THAT(database.value<std::string>("SELECT min(last_error) FROM gantry_outbox"),
              HasSubstr("MSG_SIZE_TOO_LARGE"));
  insert("other", "k", "w");
  wait_until([&] { return brokers.values("other").size() == 1; }, "others go on");
}

TEST_F(RelayTest, a_row_whose_headers_cannot_be_read_is_held) {
  database.execute(
      "INSERT INTO gantry_outbox (route, topic, headers) VALUES ('known', 't', '\\x0102')");
  insert("t", "k", "v");
  const auto relay = make();
  wait_until([&] { return brokers.values("t").size() == 1; }, "the other row is published");
  wait_until([&] { return database.count("gantry_outbox WHERE held") == 1; }, "it is held");
  EXPECT_THAT(database.value<std::string>("SELECT last_error FROM gantry_outbox"),
              HasSubstr("headers"));
}

TEST_F(RelayTest, memory_is_bounded_however_large_the_backlog_is) {
  database.execute(
      "INSERT INTO gantry_outbox (route, topic, key, value) SELECT 'known', 't', "
      "convert_to(n::text, 'UTF8'), convert_to(repeat('x', 500000), 'UTF8') FROM "
      "generate_series(1, 100) AS n");
  brokers.hold("t");
  const auto relay = make();
  wait_until([&] { return brokers.bytes_waiting() > 10'000'000; }, "the window fills");
  EXPECT_LT(brokers.bytes_waiting(), 20'000'000u);
  brokers.mend("t");
  wait_until_empty();
  EXPECT_EQ(brokers.taken("t").size(), 100u);
}

TEST_F(RelayTest, a_database_without_the_table_says_what_to_do_and_is_taken_up_when_it_is_there) {
  database.execute("DROP TABLE gantry_outbox");
  const auto relay = make();
  wait_until([&] { return is("waiting") && state().find("42P01") != std::string::npos; },
             "it waits for the table");
  EXPECT_THAT(state(), HasSubstr("gantry db apply"));
  database.execute(migrations::gantry_outbox[0].sql);
  insert("t", "k", "v");
  wait_until_empty();
}

TEST_F(RelayTest, one_of_two_hosts_relays_and_the_other_takes_over_at_once_from_one_that_ended) {
  auto first = make("first");
  wait_until([&] { return is("running"); }, "the first relays");
  auto second = make("second");
  wait_until([&] { return is("standby"); }, "the second stands by");
  EXPECT_EQ(database.value<std::string>("SELECT host FROM gantry_relay"), "first");
  insert("t", "k", "1");
  wait_until_empty();
  first->stop(10s);
  insert("t", "k", "2");
  wait_until_empty();
  EXPECT_EQ(database.value<std::string>("SELECT host FROM gantry_relay"), "second");
  EXPECT_THAT(brokers.values("t"), ElementsAre("1", "2"));
}

TEST_F(RelayTest, takes_over_from_one_that_died_only_when_nothing_of_it_can_be_on_its_way) {
  database.execute("INSERT INTO gantry_relay (host, process) VALUES ('dead', 'another process')");
  insert("t", "k", "v");
  const auto before = std::chrono::steady_clock::now();
  const auto relay = make();
  wait_until([&] { return is("taking_over"); }, "it says that it waits");
  wait_until_empty();
  EXPECT_GE(std::chrono::steady_clock::now() - before, 400ms);
}

TEST_F(RelayTest, stop_publishes_what_is_there_first) {
  auto relay = make();
  wait_until([&] { return is("running"); }, "it relays");
  for (int i = 0; i < 50; ++i) insert("t", "k", std::to_string(i));
  relay->stop(60s);
  EXPECT_EQ(database.count("gantry_outbox"), 0);
  EXPECT_TRUE(database.value<bool>("SELECT released FROM gantry_relay"));
}

TEST_F(RelayTest, stop_gives_back_what_does_not_go_out) {
  brokers.hold("t");
  insert("t", "k", "v");
  auto relay = make();
  wait_until([&] { return brokers.waiting() == 1; }, "the record is on its way");
  relay->stop(1ms);
  EXPECT_EQ(database.count("gantry_outbox"), 1);
}

class RelayOutageTest : public RelayTest {
 protected:
  RelayOutageTest() : RelayTest(server()) {}
  static Postgres& server() {
    static Postgres own;
    return own;
  }
};

TEST_F(RelayOutageTest, goes_on_after_the_database_was_away_and_loses_nothing) {
  auto relay = make("host", 15s);
  insert("t", "k", "0");
  wait_until_empty();
  brokers.hold("t");
  insert("t", "k", "1");
  wait_until([&] { return brokers.waiting() == 1; }, "the record is on its way");
  server().stop(Postgres::Shutdown::immediate);
  relay->wake();
  test::eventually([&] { return is("waiting"); }, 60s, "it says that the database is away");
  EXPECT_EQ(brokers.waiting(), 0u);  // without the lock nothing of it stays on its way
  brokers.mend("t");
  server().start();
  wait_until([&] { return is("taking_over"); }, "what it had on its way may still arrive");
  insert("t", "k", "2");
  wait_until_empty();
  EXPECT_THAT(brokers.values("t"), ElementsAre("0", "1", "2"));
}

}  // namespace
}  // namespace gantry::outbox
