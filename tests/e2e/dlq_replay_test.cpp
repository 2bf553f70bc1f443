// gantry dlq replay: what was dead comes back to its route, once, as what it was, and to nobody
// else.
#include <gmock/gmock.h>

#include "dead_letter_commands.hpp"

namespace gantry::test {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;
using testing::UnorderedElementsAre;

class DlqReplay : public DeadLetterCommands {
 protected:
  std::size_t calls_of(const std::string& name) const {
    return probe_file(name).calls("end").size();
  }
};

TEST_F(DlqReplay, after_a_bad_release_is_mended_each_message_is_handled_and_by_its_route_alone) {
  break_route(route);
  HostProcess host(files);
  std::vector<Record> sent;
  for (int i = 0; i < 20; ++i)
    sent.push_back({.topic = topic, .key = "order-" + std::to_string(i), .value = "ok"});
  kafka.produce(sent);
  wait_for_dead_letters(20);
  kafka.wait_until_committed(group(other), topic);
  mend_route(route);

  EXPECT_THAT(dlq_output({"replay", "--route", route}),
              HasSubstr("20 of 20 dead letters replayed"));
  probe_file(route).wait_for(40, "end");
  kafka.wait_until_committed(group(route), replay_topic(route));

  std::map<std::string, int> times;  // after the fix
  const auto calls = probe_file(route).calls("end");
  for (std::size_t i = 20; i < calls.size(); ++i) {
    ++times[calls[i].key];
    EXPECT_EQ(calls[i].topic, topic) << "the handler sees the topic that it came from";
    EXPECT_EQ(calls[i].attempt, 1);
  }
  EXPECT_THAT(times, SizeIs(20));
  for (const auto& [key, count] : times) EXPECT_EQ(count, 1) << key;
  for (const Record& record : sent) {
    const auto of_key = probe_file(route).calls_of(*record.key);
    EXPECT_EQ(of_key.at(1).partition, record.partition);
    EXPECT_EQ(of_key.at(1).offset, record.offset);
  }
  EXPECT_EQ(calls_of(other), 20u) << "another route has seen a replay";
  EXPECT_EQ(kafka.lag(group(other), topic), 0) << "something new is in the original topic";
  EXPECT_EQ(kafka.consume_all(topic).size(), 20u);
  EXPECT_THAT(dead_letters(), SizeIs(20));
  EXPECT_THAT(dlq_output({"list"}), HasSubstr("no dead letters in " + dlq));
}

TEST_F(DlqReplay, copies_key_value_and_headers_byte_for_byte_and_counts) {
  kafka.create_topic(replay_topic(route), {.partitions = 1});
  auto headers = gantry_headers(route, topic, 1, 7);
  headers.insert(headers.begin(),
                 {{"trace", "abc"}, {"trace", std::nullopt}, {"raw", std::string("\0\xff", 2)}});
  kafka.produce({.topic = dlq,
                 .key = std::string("k\0\x80", 3),
                 .value = std::string("v\0\xfe", 3),
                 .headers = headers});
  dlq_output({"replay", "--all"});
  const auto copies = kafka.consume_all(replay_topic(route));
  ASSERT_THAT(copies, SizeIs(1));
  headers.back().second = "1";
  EXPECT_EQ(copies[0].key, std::string("k\0\x80", 3));
  EXPECT_EQ(copies[0].value, std::string("v\0\xfe", 3));
  EXPECT_EQ(copies[0].headers, headers);
}

TEST_F(DlqReplay, of_one_that_fails_again_makes_a_letter_of_the_same_original_that_counts) {
  break_route(route);
  HostProcess host(files);
  const Record sent = kafka.produce({.topic = topic,
                                     .timestamp_ms = 1700000000123,
                                     .key = "bad",
                                     .value = "ok",
                                     .headers = {{"own", "1"}}});
  wait_for_dead_letters(1);
  dlq_output({"replay", "--route", route});
  const auto letters = wait_for_dead_letters(2);
  const auto again = std::ranges::find_if(
      letters, [](const Record& letter) { return letter.header("gantry.replays") == "1"; });
  ASSERT_NE(again, letters.end());
  EXPECT_EQ(again->header("gantry.original-topic"), topic);
  EXPECT_EQ(again->header("gantry.original-partition"), std::to_string(sent.partition));
  EXPECT_EQ(again->header("gantry.original-offset"), std::to_string(sent.offset));
  EXPECT_EQ(again->header("gantry.original-timestamp"), "1700000000123");
  EXPECT_EQ(again->headers.size(), letters[0].headers.size()) << "headers pile up";
  EXPECT_EQ(again->partition, sent.partition);
  mend_route(route);
  EXPECT_THAT(dlq_output({"replay", "--route", route}), HasSubstr("1 of 1 dead letter replayed"));
  probe_file(route).wait_for(3, "end");
  kafka.wait_until_committed(group(route), replay_topic(route));
  EXPECT_THAT(dead_letters(), SizeIs(2));
}

TEST_F(DlqReplay, leaves_what_was_replayed_too_often) {
  write_dead_letters(route, 2, 4);
  write_dead_letters(route, 3, 5);
  const Finished finished = dlq_command({"replay", "--route", route});
  EXPECT_EQ(finished.exit_code, 1);
  EXPECT_THAT(finished.output, HasSubstr("2 of 5 dead letters replayed\n"));
  EXPECT_THAT(finished.output, HasSubstr("3 stay: replayed 5 times already (--max-replays 5)\n"));
  EXPECT_THAT(kafka.consume_all(replay_topic(route)), SizeIs(2));
  EXPECT_THAT(dlq_output({"replay", "--route", route, "--max-replays", "6"}),
              HasSubstr("3 of 3 dead letters replayed"));
}

TEST_F(DlqReplay, that_was_killed_goes_on_and_repeats_nothing) {
  constexpr int kLetters = 20'000;
  kafka.create_topic(replay_topic(route), {.partitions = 1});
  write_dead_letters(route, kLetters);
  {
    ChildProcess first(
        {gantry_program(), "dlq", "replay", "--route", route, "--config", files.file().string()},
        files.folder() / "first.out");
    eventually([&] { return kafka.high_watermarks(replay_topic(route)).at(0) > 0; }, 60s,
               "the first copies");
    first.signal(SIGKILL);
    first.wait(30s);
  }
  const auto copied = kafka.high_watermarks(replay_topic(route)).at(0);
  EXPECT_LT(copied, kLetters) << "it was killed too late to show anything";
  EXPECT_THAT(dlq_output({"replay", "--route", route}), HasSubstr("dead letters replayed"));
  const auto copies = kafka.consume_all(replay_topic(route));
  std::set<std::string> keys;
  for (const Record& copy : copies) keys.insert(*copy.key);
  EXPECT_THAT(copies, SizeIs(kLetters));
  EXPECT_THAT(keys, SizeIs(kLetters));
  EXPECT_THAT(dlq_output({"list"}), HasSubstr("no dead letters"));
}

TEST_F(DlqReplay, that_was_interrupted_ends_in_order_and_goes_on) {
  constexpr int kLetters = 20'000;
  kafka.create_topic(replay_topic(route), {.partitions = 1});
  write_dead_letters(route, kLetters);
  ChildProcess first(
      {gantry_program(), "dlq", "replay", "--all", "--config", files.file().string()},
      files.folder() / "first.out");
  eventually([&] { return kafka.high_watermarks(replay_topic(route)).at(0) > 0; }, 60s,
             "the first copies");
  first.signal(SIGINT);
  EXPECT_EQ(first.wait(60s), 1);
  EXPECT_THAT(read_file(files.folder() / "first.out"),
              HasSubstr("interrupted; the same command goes on"));
  EXPECT_EQ(kafka.consume_all(replay_topic(route)).size(),
            kafka.consume_all(dlq + ".settled").size())
      << "each copy is written down";
  dlq_output({"replay", "--all"});
  EXPECT_THAT(kafka.consume_all(replay_topic(route)), SizeIs(kLetters));
}

TEST_F(DlqReplay, dry_shows_what_it_would_do_and_does_nothing) {
  write_dead_letters(route, 3);
  write_dead_letters(route, 1, 5);
  const std::string output = dlq_output({"replay", "--all", "--dry-run"});
  EXPECT_THAT(output, HasSubstr("would replay 3 to " + replay_topic(route) + "\n"));
  EXPECT_THAT(output, HasSubstr("1 would stay: replayed 5 times already"));
  EXPECT_THAT(output, Not(HasSubstr("of 4")));
  EXPECT_FALSE(kafka.topic(replay_topic(route)));
  EXPECT_FALSE(kafka.topic(dlq + ".settled"));
}

TEST_F(DlqReplay, wants_to_be_told_which) {
  write_dead_letters(route, 1);
  const Finished finished = dlq_command({"replay"});
  EXPECT_EQ(finished.exit_code, 64);
  EXPECT_THAT(finished.output, HasSubstr("--all"));
  EXPECT_FALSE(kafka.topic(dlq + ".settled"));
}

TEST_F(DlqReplay, reaches_a_route_that_reads_its_topics_from_the_latest_record) {
  write_probe_route(route, "consumer = { \"auto.offset.reset\" = \"latest\" }\n");
  write_dead_letters(route, 3);
  dlq_output({"replay", "--all"});  // before any host has ever read the topic
  HostProcess host(files);
  probe_file(route).wait_for(3, "end");
}

TEST_F(DlqReplay, reaches_a_running_route_whose_topic_for_it_is_made_later) {
  kafka.delete_topic(dlq);  // without it no shape is known, and the host makes none
  HostProcess host(files);
  send("first", "ok");
  probe_file(route).wait_for_key("first");  // the route works without
  EXPECT_FALSE(kafka.topic(replay_topic(route)));
  kafka.create_topic(dlq);
  write_dead_letters(route, 1);
  dlq_output({"replay", "--all"});
  probe_file(route).wait_for_key("key-0");
}

TEST_F(DlqReplay, says_who_did_what_in_its_log_and_beside_each_letter) {
  write_dead_letters(route, 2);
  EXPECT_THAT(dlq_output({"replay", "--route", route, "--until", "0s"}),
              HasSubstr("dead letters replayed  by="));
  const auto marks = kafka.consume_all(dlq + ".settled");
  ASSERT_THAT(marks, SizeIs(2));
  EXPECT_THAT(*marks[0].value, HasSubstr(R"({"action":"replayed","by":")"));
  EXPECT_THAT((std::vector<Bytes>{marks[0].key, marks[1].key}), UnorderedElementsAre("0:0", "1:0"));
  EXPECT_EQ(kafka.topic(dlq + ".settled")->config.at("cleanup.policy"), "compact");
}

TEST_F(DlqReplay, makes_the_routes_topic_like_the_dead_letter_topic) {
  HostProcess host(files);
  host.wait_until_ready(120s);
  const auto shape = kafka.topic(replay_topic(route));
  ASSERT_TRUE(shape);
  EXPECT_EQ(shape->partitions, 1);
  EXPECT_EQ(shape->replicas, 3);
  EXPECT_EQ(shape->config.at("min.insync.replicas"), "2");
  EXPECT_EQ(shape->config.at("max.message.bytes"), "1114124");
  EXPECT_EQ(shape->config.at("retention.ms"), "2592000000");
}

TEST_F(DlqReplay, sends_a_record_that_could_not_be_sent_where_it_should_have_gone) {
  auto headers = gantry_headers(route, topic, -1, -1);
  headers[1].second = "send-failed";
  headers.insert(headers.begin(), {"own", "1"});
  kafka.produce({.topic = dlq, .key = "7", .value = "event", .headers = headers});
  dlq_output({"replay", "--reason", "send-failed"});
  const auto records = kafka.consume_all(topic);
  ASSERT_THAT(records, SizeIs(1));
  EXPECT_EQ(records[0].key, "7");
  EXPECT_EQ(records[0].headers, (std::vector<std::pair<std::string, Bytes>>{{"own", "1"}}));
}

}  // namespace
}  // namespace gantry::test
