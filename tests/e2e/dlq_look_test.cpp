// gantry dlq list, show, discard as a person sees them, and letters that others than a host wrote.
#include <gmock/gmock.h>

#include <boost/json.hpp>

#include "dead_letter_commands.hpp"

namespace gantry::test {
namespace {

namespace json = boost::json;
using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;
using testing::SizeIs;
using testing::StartsWith;

class DlqLook : public DeadLetterCommands {
 protected:
  // As Spring Kafka's DeadLetterPublishingRecoverer writes it.
  Record spring_letter(const std::string& consumer_group, const std::string& original_topic) {
    return kafka.produce(
        {.topic = dlq,
         .partition = 0,
         .key = big_endian(41, 8),
         .value = "ok",
         .headers = {{"__TypeId__", "OrderCreatedEvent"},
                     {"kafka_dlt-original-topic", original_topic},
                     {"kafka_dlt-original-partition", big_endian(2, 4)},
                     {"kafka_dlt-original-offset", big_endian(1234567890123, 8)},
                     {"kafka_dlt-original-timestamp", big_endian(1700000000123, 8)},
                     {"kafka_dlt-original-timestamp-type", "CreateTime"},
                     {"kafka_dlt-original-consumer-group", consumer_group},
                     {"kafka_dlt-exception-fqcn",
                      "org.springframework.kafka.listener.ListenerExecutionFailedException"},
                     {"kafka_dlt-exception-cause-fqcn", "java.lang.IllegalStateException"},
                     {"kafka_dlt-exception-message", "no stock"},
                     {"kafka_dlt-exception-stacktrace", "at A\n\tat B"}}});
  }
  static std::vector<std::string> lines(const std::string& text) {
    std::vector<std::string> result;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);) result.push_back(line);
    return result;
  }
};

constexpr const char* kTime = "20[0-9-]*T[0-9:.]*Z";

TEST_F(DlqLook, lists_them_by_route_reason_and_topic_in_columns) {
  write_dead_letters(route, 12);
  write_dead_letters(other, 3);
  const auto shown = lines(dlq_output({"list"}));
  ASSERT_THAT(shown, SizeIs(3));
  EXPECT_THAT(shown[0], MatchesRegex("ROUTE +REASON +TOPIC +COUNT +FIRST +LAST"));
  const std::string row = " +exhausted +" + topic + " +";
  EXPECT_THAT(shown[1], MatchesRegex(other + row + "3  " + kTime + "  " + kTime));
  EXPECT_THAT(shown[2], MatchesRegex(route + row + "12  " + kTime + "  " + kTime));
  EXPECT_EQ(shown[1].size(), shown[2].size());
}

TEST_F(DlqLook, lists_them_for_programs) {
  write_dead_letters(route, 2);
  const json::value groups = json::parse(dlq_output({"list", "--json"})).at("groups");
  ASSERT_THAT(groups.as_array(), SizeIs(1));
  EXPECT_EQ(groups.at(0).at("route"), json::value(route));
  EXPECT_EQ(groups.at(0).at("count"), json::value(2));
  const json::value letters = json::parse(dlq_output({"list", "--each", "--json"})).at("letters");
  ASSERT_THAT(letters.as_array(), SizeIs(2));
  EXPECT_EQ(letters.at(0).at("letter"), json::value(dlq + ":0:0"));
  EXPECT_EQ(letters.at(0).at("original").at("topic"), json::value(topic));
}

TEST_F(DlqLook, lists_each_with_the_name_that_the_other_commands_take) {
  write_dead_letters(route, 3);
  const std::string output = dlq_output({"list", "--each", "--limit", "2"});
  EXPECT_THAT(output, HasSubstr(dlq + ":0:0  "));
  EXPECT_THAT(output, HasSubstr(dlq + ":1:0  "));
  EXPECT_THAT(output, Not(HasSubstr(dlq + ":2:0  "))) << "not one of the two oldest";
  dlq_output({"discard", dlq + ":0:0"});
  EXPECT_THAT(dlq_output({"list", "--each"}), Not(HasSubstr(dlq + ":0:0")));
}

TEST_F(DlqLook, filters_by_reason_topic_key_and_time) {
  write_dead_letters(route, 3);
  EXPECT_THAT(dlq_output({"list", "--reason", "rejected"}), StartsWith("no dead letters"));
  EXPECT_THAT(dlq_output({"list", "--topic", "elsewhere"}), StartsWith("no dead letters"));
  EXPECT_THAT(dlq_output({"list", "--since", "2h", "--topic", topic}), HasSubstr("  3  "));
  EXPECT_THAT(dlq_output({"list", "--until", "2h"}), StartsWith("no dead letters"));
  EXPECT_THAT(dlq_output({"list", "--key", "key-1"}), HasSubstr("  1  "));
}

TEST_F(DlqLook, shows_one_with_its_headers_decoded_and_its_value_as_text) {
  Record letter{.topic = dlq,
                .partition = 1,
                .key = "order-7",
                .value = "{\"orderId\":7}",
                .headers = gantry_headers(route, topic, 2, 42)};
  letter.headers.insert(letter.headers.begin(), {"raw", std::string("\0\xff", 2)});
  kafka.produce(letter);
  const auto shown = lines(dlq_output({"show", dlq + ":1:0"}));
  ASSERT_GE(shown.size(), 10u);
  EXPECT_EQ(shown[0], "dead letter " + dlq + ":1:0");
  EXPECT_THAT(shown, testing::Contains("  route         " + route));
  EXPECT_THAT(shown, testing::Contains("  reason        exhausted, 4 attempts"));
  EXPECT_THAT(shown, testing::Contains("  error         asked to"));
  EXPECT_THAT(shown, testing::Contains("  was           " + topic +
                                       ", partition 2, offset 42, of 2023-11-14T22:13:20.123Z"));
  EXPECT_THAT(shown, testing::Contains("  key           order-7"));
  EXPECT_THAT(shown, testing::Contains(MatchesRegex("  raw +0x00ff")));
  EXPECT_THAT(shown, testing::Contains("value, 13 bytes:"));
  EXPECT_EQ(shown.back(), "{\"orderId\":7}");
}

TEST_F(DlqLook, shows_a_value_that_is_no_text_in_hexadecimal_and_writes_its_bytes_when_asked) {
  const std::string bytes("\x00\x01 avro\xff", 8);
  kafka.produce({.topic = dlq, .partition = 0, .value = bytes});
  EXPECT_THAT(dlq_output({"show"}),
              HasSubstr("value, 8 bytes, not text:\n00000000  00 01 20 61 76 72 6f ff  "));
  EXPECT_EQ(dlq_output({"show", "--raw"}), bytes);
  const json::value shown = json::parse(dlq_output({"show", "--json"}));
  EXPECT_EQ(shown.at("valueHex"), json::value("00012061"
                                              "76726fff"));
}

TEST_F(DlqLook, never_lets_a_record_control_the_terminal) {
  auto headers = gantry_headers(route + "\x1b[2J", topic, 0, 0);
  headers.insert(headers.begin(), {"bell\x07", "red\x1b[31m"});
  headers[3].second = "error\x1b]0;title\x07";
  kafka.produce({.topic = dlq, .key = "k\x1b", .value = "v\x1b[1m", .headers = headers});
  for (const auto& words : {std::vector<std::string>{"list"}, {"list", "--each"}, {"show"}})
    EXPECT_THAT(dlq_output(words), AllOf(Not(HasSubstr("\x1b")), Not(HasSubstr("\x07"))));
}

TEST_F(DlqLook, says_which_letter_is_not_there) {
  const Finished finished = dlq_command({"show", dlq + ":0:99"});
  EXPECT_EQ(finished.exit_code, 1);
  EXPECT_THAT(finished.output, HasSubstr("there is no such dead letter in " + dlq));
  EXPECT_THAT(dlq_command({"show", "nonsense"}).output, HasSubstr("write TOPIC:PARTITION:OFFSET"));
  EXPECT_THAT(dlq_command({"list", "--dlq", run + "-nowhere"}).output,
              HasSubstr("there is no topic \"" + run + "-nowhere\""));
}

TEST_F(DlqLook, finds_a_letter_by_its_whole_name_also_where_no_route_sends_any) {
  const std::string foreign = run + "-orders.DLT";
  kafka.create_topic(foreign);
  kafka.produce({.topic = foreign, .partition = 2, .value = "first"});
  kafka.produce({.topic = foreign, .partition = 2, .value = "second"});
  EXPECT_THAT(dlq_output({"show", foreign + ":2:1"}), HasSubstr("value, 6 bytes:\nsecond\n"));
  EXPECT_THAT(dlq_output({"list", "--dlq", foreign}), HasSubstr("  2  "));
}

TEST_F(DlqLook, discards_what_is_named_and_lists_it_no_more) {
  write_dead_letters(route, 3);
  write_dead_letters(other, 2);
  EXPECT_THAT(dlq_output({"discard", "--route", route, "--dry-run"}),
              HasSubstr("would discard 3 dead letters\n"));
  EXPECT_THAT(dlq_output({"discard", "--route", route}),
              AllOf(HasSubstr("3 of 3 dead letters discarded\n"),
                    HasSubstr("dead letters discarded  by=")));
  const auto shown = lines(dlq_output({"list"}));
  ASSERT_THAT(shown, SizeIs(2));
  EXPECT_THAT(shown[1], StartsWith(other));
  EXPECT_FALSE(kafka.topic(replay_topic(route))) << "nothing is replayed";
}

TEST_F(DlqLook, does_not_take_a_letter_of_a_topic_made_anew_for_one_that_was_settled) {
  write_dead_letters(route, 3);
  dlq_output({"discard", "--all"});
  kafka.delete_topic(dlq);
  eventually([&] { return !kafka.topic(dlq); }, 30s, "the topic to be gone");
  kafka.create_topic(dlq);
  write_dead_letters(other, 3);
  EXPECT_THAT(dlq_output({"list"}), HasSubstr("  3  "));
}

TEST_F(DlqLook, shows_what_a_spring_application_wrote) {
  spring_letter(group(route), topic);
  EXPECT_THAT(dlq_output({"list"}),
              HasSubstr(route + "  java.lang.IllegalStateException  " + topic + "      1  "));
  const std::string shown = dlq_output({"show"});
  EXPECT_THAT(shown, HasSubstr("partition 2, offset 1234567890123, of 2023-11-14T22:13:20.123Z"));
  EXPECT_THAT(shown, HasSubstr("  error         no stock\n"));
  EXPECT_THAT(shown, HasSubstr("  key           41\n"));
  EXPECT_THAT(lines(shown),
              testing::Contains(MatchesRegex("  kafka_dlt-original-offset +1234567890123")));
  EXPECT_THAT(lines(shown),
              testing::Contains(MatchesRegex("  kafka_dlt-exception-stacktrace +at A.n.tat B")));
}

TEST_F(DlqLook, replays_what_a_spring_application_wrote_for_the_group_of_a_route) {
  spring_letter(group(route), topic);
  HostProcess host(files);
  dlq_output({"replay", "--route", route});
  probe_file(route).wait_for(1, "end");
  const ProbeCall call = probe_file(route).calls("end").at(0);
  EXPECT_EQ(call.topic, topic);
  EXPECT_EQ(call.partition, 2);
  EXPECT_EQ(call.offset, 1234567890123);
}

TEST_F(DlqLook, leaves_letters_of_another_applications_group_alone_until_they_are_named) {
  spring_letter("inventory-service", topic);
  EXPECT_THAT(dlq_output({"list"}), HasSubstr("(inventory-service)"));
  EXPECT_THAT(dlq_output({"replay", "--route", route}), HasSubstr("0 of 0 dead letters"));
  const Finished undecided = dlq_command({"replay", "--all"});
  EXPECT_EQ(undecided.exit_code, 1);
  EXPECT_THAT(undecided.output, HasSubstr("1 stay: nobody knows whose they are"));
  EXPECT_THAT(dlq_output({"replay", "--route", route, "--group", "inventory-service"}),
              HasSubstr("1 of 1 dead letter replayed"));
}

TEST_F(DlqLook, shows_progress_on_a_terminal) {
  write_dead_letters(route, 2000);
  const std::string gantry = gantry_program();
  const Finished finished =
      run_program({"script", "-qec",
                   gantry + " dlq discard --all --config " + files.file().string(), "/dev/null"},
                  60s);
  EXPECT_EQ(finished.exit_code, 0) << finished.output;
  EXPECT_THAT(finished.output, HasSubstr("\r\x1b[Kdiscarded "));
  EXPECT_THAT(finished.output, HasSubstr("discarded 2000 of 2000 (100 %)\r\n"));
  EXPECT_THAT(finished.output, HasSubstr("2000 of 2000 dead letters discarded"));
}

}  // namespace
}  // namespace gantry::test
