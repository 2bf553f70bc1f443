// Messages that are malformed, fail for a while, or always: what becomes of them, and that nobody
// else notices.
#include <gmock/gmock.h>

#include "end_to_end.hpp"

namespace gantry::test {
namespace {

using testing::ElementsAre;
using testing::Pair;

std::string big_endian(std::uint64_t value, int bytes) {
  std::string result;
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8)
    result += static_cast<char>(value >> shift);
  return result;
}

class FailingMessages : public EndToEnd {
 protected:
  void SetUp() override {
    kafka.create_topic(topic);
    kafka.create_topic(dlq, {.config = {{"max.message.bytes", "1114124"}}});
    write_main();
    write_probe_route();
  }
  static std::vector<int> attempts(const std::vector<ProbeCall>& calls) {
    std::vector<int> result;
    for (const ProbeCall& call : calls) result.push_back(call.attempt);
    return result;
  }
};

TEST_F(FailingMessages, a_malformed_one_is_rejected_at_once) {
  HostProcess host(files);
  send("bad", "reject");
  const auto letters = wait_for_dead_letters(1);
  EXPECT_EQ(letters[0].header("gantry.reason"), "rejected");
  EXPECT_THAT(attempts(probe_file().calls_of("bad")), ElementsAre(1));
}

TEST_F(FailingMessages, one_that_fails_twice_and_then_works_is_handled_and_no_dead_letter) {
  HostProcess host(files);
  send("shaky", "fail:2");
  kafka.wait_until_committed(group(), topic);
  EXPECT_THAT(attempts(probe_file().calls_of("shaky")), ElementsAre(1, 2, 3));
  EXPECT_TRUE(dead_letters().empty());
}

TEST_F(FailingMessages, one_that_always_fails_is_tried_four_times_not_sooner_than_the_back_off) {
  HostProcess host(files);
  send("bad", "fail");
  const auto letters = wait_for_dead_letters(1);
  EXPECT_EQ(letters[0].header("gantry.reason"), "exhausted");
  const auto begins = probe_file().calls_of("bad", "begin");
  const auto ends = probe_file().calls_of("bad", "end");
  ASSERT_THAT(attempts(begins), ElementsAre(1, 2, 3, 4));
  for (std::size_t i = 1; i < begins.size(); ++i) {
    EXPECT_GE(begins[i].time_ms - ends[i - 1].time_ms, 990)
        << "attempt " << i + 1 << " came before the back-off";
  }
}

TEST_F(FailingMessages, one_that_throws_is_tried_again_and_then_a_dead_letter) {
  HostProcess host(files);
  send("bad", "throw");
  const auto letters = wait_for_dead_letters(1);
  EXPECT_EQ(letters[0].header("gantry.error"), "thrown by the probe");
  EXPECT_THAT(attempts(probe_file().calls_of("bad")), ElementsAre(1, 2, 3, 4));
}

TEST_F(FailingMessages, other_keys_of_the_partition_are_handled_while_one_waits_for_its_retry) {
  HostProcess host(files);
  send("bad", "fail:1", 0);
  probe_file().wait_for_key("bad");
  // The host's back-off is a second: these come in while it lasts, or the order below is not what
  // it is.
  std::vector<Record> others;
  for (int i = 0; i < 50; ++i) {
    others.push_back(
        {.topic = topic, .partition = 0, .key = "good-" + std::to_string(i), .value = "ok"});
  }
  kafka.produce(others);
  kafka.wait_until_committed(group(), topic);
  const auto calls = probe_file().calls();
  ASSERT_EQ(calls.size(), 52u);
  EXPECT_EQ(calls.front().key, "bad");
  EXPECT_EQ(calls.back().key, "bad") << "the failing message held the others up";
}

TEST_F(FailingMessages, later_messages_of_the_failing_key_wait_for_it) {
  HostProcess host(files);
  std::vector<Record> records;
  for (const char* value : {"fail:2", "ok", "ok"}) {
    records.push_back({.topic = topic, .key = "same", .value = value});
  }
  kafka.produce(records);
  kafka.wait_until_committed(group(), topic);
  std::vector<std::int64_t> offsets;
  for (const ProbeCall& call : probe_file().calls_of("same")) offsets.push_back(call.offset);
  EXPECT_THAT(offsets, ElementsAre(0, 0, 0, 1, 2));
}

TEST_F(FailingMessages, a_dead_letter_has_the_bytes_of_the_original_and_complete_headers) {
  HostProcess host(files);
  const std::string bytes("fail \0\xff\xfe end", 13);
  const Record sent = kafka.produce(
      {.topic = topic,
       .partition = 2,
       .timestamp_ms = 1700000000123,
       .key = std::string("k\0\x80", 3),
       .value = bytes,
       .headers = {{"trace", "abc"}, {"trace", std::nullopt}, {"raw", std::string("\0\1", 2)}}});
  const auto letters = wait_for_dead_letters(1);
  ASSERT_EQ(letters.size(), 1u);
  EXPECT_EQ(letters[0].partition, 2);
  EXPECT_EQ(letters[0].key, sent.key);
  EXPECT_EQ(letters[0].value, bytes);
  const auto offset = static_cast<std::uint64_t>(sent.offset);
  EXPECT_THAT(letters[0].headers,
              ElementsAre(Pair("trace", "abc"), Pair("trace", std::nullopt),
                          Pair("raw", std::string("\0\1", 2)), Pair("gantry.route", "probe"),
                          Pair("gantry.reason", "exhausted"), Pair("gantry.error", "asked to"),
                          Pair("gantry.attempts", "4"), Pair("gantry.original-topic", topic),
                          Pair("gantry.original-partition", "2"),
                          Pair("gantry.original-offset", std::to_string(sent.offset)),
                          Pair("gantry.original-timestamp", "1700000000123"),
                          Pair("gantry.replays", "0"), Pair("kafka_dlt-original-topic", topic),
                          Pair("kafka_dlt-original-partition", big_endian(2, 4)),
                          Pair("kafka_dlt-original-offset", big_endian(offset, 8)),
                          Pair("kafka_dlt-original-timestamp", big_endian(1700000000123, 8)),
                          Pair("kafka_dlt-original-timestamp-type", "CreateTime"),
                          Pair("kafka_dlt-original-consumer-group", group()),
                          Pair("kafka_dlt-exception-fqcn", "probe.fail"),
                          Pair("kafka_dlt-exception-message", "asked to")));
}

TEST_F(FailingMessages, a_tombstone_without_a_key_becomes_a_dead_letter_with_neither) {
  HostProcess host(files);
  kafka.produce({.topic = topic, .value = std::nullopt, .headers = {{"h", "1"}}});
  const auto letters = wait_for_dead_letters(1);
  EXPECT_EQ(letters[0].key, std::nullopt);
  EXPECT_EQ(letters[0].value, std::nullopt);
}

TEST_F(FailingMessages,
       the_largest_record_that_the_topic_takes_fits_the_dead_letter_topic_with_its_headers) {
  write_main("[kafka.producer]\n\"message.max.bytes\" = 1114124\n");  // as the shipped
                                                                      // configuration has it
  HostProcess host(files);
  const std::string huge = "reject " + std::string(1048400, 'x');
  send("huge", huge);
  const auto letters = wait_for_dead_letters(1);
  EXPECT_EQ(letters[0].value, huge);
  kafka.wait_until_committed(group(), topic);
}

TEST_F(FailingMessages, one_route_has_its_own_number_of_attempts) {
  write_probe_route("probe", "retry = { max_attempts = 2, backoff_ms = 1 }\n");
  HostProcess host(files);
  send("bad", "fail");
  const auto letters = wait_for_dead_letters(1);
  EXPECT_EQ(letters[0].header("gantry.attempts"), "2");
}

}  // namespace
}  // namespace gantry::test
