// What handlers publish without a database: byte for byte, in order, once its message is handled,
// and never lost.
#include <gmock/gmock.h>

#include "forwarding.hpp"

namespace gantry::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

class Publishing : public Forwarding {
 protected:
  Publishing() : Forwarding(KafkaCluster::shared()) {}
};

TEST_F(Publishing, writes_key_value_and_headers_as_a_java_producer_does) {
  kafka.create_topic(out);
  write_route("key_format = \"int64\", headers = { __TypeId__ = \"OrderCreatedEvent\" }");
  HostProcess host(files);
  const std::string value("{\"a\":\0}\xff", 8);
  const std::string trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  kafka.produce({.topic = topic,
                 .partition = 1,
                 .key = "72623859790382856",
                 .value = value,
                 .headers = {{"other", "x"}, {"traceparent", trace}, {"tracestate", "v=1"}}});
  wait_until_committed();
  const auto records = kafka.consume_all(out);
  ASSERT_EQ(records.size(), 1u);
  EXPECT_EQ(records[0].key, std::string("\1\2\3\4\5\6\7\x8", 8));
  EXPECT_EQ(records[0].value, value);
  EXPECT_THAT(records[0].headers,
              ElementsAre(Pair("__TypeId__", "OrderCreatedEvent"), Pair("from", "1/0"),
                          Pair("traceparent", trace), Pair("tracestate", "v=1")));
}

TEST_F(Publishing, keeps_the_trace_in_dead_letters_and_names_it_in_the_log) {
  kafka.create_topic(out);
  write_route();
  HostProcess host(files);
  const std::string id = "0af7651916cd43dd8448eb211c80319c";
  kafka.produce({.topic = topic,
                 .key = "a",
                 .value = "reject",
                 .headers = {{"traceparent", "00-" + id + "-b7ad6b7169203331-01"}}});
  const auto letters = wait_for_dead_letters(1);
  EXPECT_EQ(letters[0].header("traceparent"), "00-" + id + "-b7ad6b7169203331-01");
  host.wait_for_log("error=\"asked to\" trace=" + id);
}

TEST_F(Publishing, of_a_message_that_is_not_ok_does_not_happen) {
  kafka.create_topic(out);
  write_route();
  HostProcess host(files);
  send("a", "reject");
  send("b", "fail");
  send("c", "good");
  wait_until_committed();
  std::vector<std::string> values;
  for (const Record& record : kafka.consume_all(out)) values.push_back(*record.value);
  EXPECT_THAT(values, testing::UnorderedElementsAre("fail", "good"));
}

TEST_F(Publishing, works_for_messages_that_other_threads_settle) {
  kafka.create_topic(out);
  write_route("", "forward-later");
  HostProcess host(files);
  produce(200);
  wait_until_committed();
  expect_all_in_order(200);
}

TEST_F(Publishing, turns_a_record_that_the_topic_does_not_take_into_a_dead_letter) {
  kafka.create_topic(out, {.config = {{"max.message.bytes", "4000"}}});
  write_route("headers = { constant = \"c\" }");
  HostProcess host(files);
  produce(300);
  send("7", std::string(10'000, 'x'));
  produce(300, 301);
  wait_until_committed();
  expect_all_in_order(600);
  const auto letters = dead_letters();
  ASSERT_EQ(letters.size(), 1u);
  EXPECT_EQ(letters[0].key, "7");
  EXPECT_EQ(letters[0].value, std::string(10'000, 'x'));
  EXPECT_EQ(letters[0].headers[0], (std::pair<std::string, Bytes>("constant", "c")));
  EXPECT_EQ(letters[0].headers[1].first, "from");
  EXPECT_EQ(letters[0].header("gantry.reason"), "send-failed");
  EXPECT_EQ(letters[0].header("gantry.original-topic"), out);
  EXPECT_THAT(*letters[0].header("gantry.error"), HasSubstr("MSG_SIZE_TOO_LARGE"));
}

TEST_F(Publishing, rejects_a_record_that_the_producer_never_takes) {
  kafka.create_topic(out);
  write_main("[kafka.producer]\n\"message.max.bytes\" = 2000\n");
  write_route();
  HostProcess host(files);
  send("a", std::string(1990, 'x'));
  wait_until_committed();
  EXPECT_TRUE(kafka.consume_all(out).empty());
  const auto letters = dead_letters();
  ASSERT_EQ(letters.size(), 1u);
  EXPECT_EQ(letters[0].header("gantry.reason"), "rejected");
  EXPECT_EQ(letters[0].header("gantry.original-topic"), topic);
}

TEST_F(Publishing, to_a_topic_that_is_missing_holds_the_route_until_it_is_there) {
  write_route();
  HostProcess host(files);
  produce(100);
  eventually([&] { return host.get("/readyz").body.find("holding") != std::string::npos; }, 90s,
             "the route to say that it holds");
  EXPECT_THAT(host.get("/readyz").body, HasSubstr(out));
  EXPECT_EQ(kafka.committed(group("forward"), topic).size(), 0u);
  kafka.create_topic(out);
  wait_until_committed();
  expect_all_in_order(100);
  host.wait_until_ready();
  EXPECT_TRUE(dead_letters().empty());
}

TEST_F(Publishing, happens_at_least_once_and_in_order_when_the_host_is_killed_in_between) {
  kafka.create_topic(out);
  write_route();
  produce(20'000);
  for (const std::size_t until : {2'000, 6'000}) {
    HostProcess host(files);
    eventually([&] { return written() >= until; }, 90s, "records in the output topic");
    host.kill9();
  }
  HostProcess host(files);
  wait_until_committed();
  expect_all_in_order(20'000);
}

TEST_F(Publishing, for_a_request_is_answered_when_the_record_is_there) {
  kafka.create_topic(out, {.config = {{"max.message.bytes", "4000"}}});
  write_http_route();
  HostProcess host(files);
  host.wait_until_ready();
  EXPECT_EQ(post("{\"n\":1}").status, 200);
  const auto records = kafka.consume_all(out);
  ASSERT_EQ(records.size(), 1u);
  EXPECT_EQ(records[0].value, "{\"n\":1}");
  const HttpAnswer refused = post("\"" + std::string(10'000, 'x') + "\"");
  EXPECT_EQ(refused.status, 500);
  EXPECT_THAT(refused.body, HasSubstr("MSG_SIZE_TOO_LARGE"));
}

}  // namespace
}  // namespace gantry::test
