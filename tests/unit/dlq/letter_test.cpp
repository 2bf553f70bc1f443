// Whose a dead letter is and what it was, as its headers tell.
#include "dlq/letter.hpp"

#include <gtest/gtest.h>

#include "unit/dlq/letters_for_tests.hpp"

namespace gantry::dlq {
namespace {

TEST(Letter, of_a_host_tells_its_route_what_happened_and_what_it_was) {
  const Letter letter = make_letter(gantry_headers("alert", "2"));
  EXPECT_EQ(to_text(letter.id), "DLQ-topic:0:15");
  EXPECT_EQ(letter.route, "alert");
  EXPECT_EQ(letter.reason, "exhausted");
  EXPECT_EQ(letter.error, "no answer");
  EXPECT_EQ(letter.attempts, 4u);
  EXPECT_EQ(letter.replays, 2u);
  ASSERT_TRUE(letter.original);
  EXPECT_EQ(letter.original->topic, "trace-topic");
  EXPECT_EQ(letter.original->partition, 2);
  EXPECT_EQ(letter.original->offset, 41);
  EXPECT_EQ(letter.original->timestamp_ms, 1700000000123);
}

TEST(Letter, of_spring_is_the_routes_whose_group_wrote_it) {
  const Letter letter = make_letter(spring_headers("default-group-alert", "trace-topic"));
  EXPECT_EQ(letter.route, "alert");
  EXPECT_EQ(letter.group, "default-group-alert");
  EXPECT_EQ(letter.reason, "org.springframework.ListenerFailed");
  EXPECT_EQ(letter.error, "no stock");
  EXPECT_EQ(letter.original->offset, 41);
  EXPECT_EQ(letter.original->timestamp_ms, 256);
}

TEST(Letter, of_spring_names_the_cause_rather_than_springs_own_wrapper) {
  HeaderList headers = spring_headers("g", "trace-topic");
  headers.push_back({"kafka_dlt-exception-cause-fqcn", "java.lang.IllegalStateException"});
  EXPECT_EQ(make_letter(headers).reason, "java.lang.IllegalStateException");
}

TEST(Letter, of_spring_without_a_group_is_the_only_routes_that_reads_its_topic) {
  EXPECT_EQ(make_letter(spring_headers("", "coupon-topic")).route, "coupon-issue");
  EXPECT_EQ(make_letter(spring_headers("", "trace-topic")).route, "") << "two routes read it";
  EXPECT_EQ(make_letter(spring_headers("", "stock-topic")).route, "") << "none reads it";
}

TEST(Letter, of_a_group_that_is_no_routes_is_nobodys) {
  EXPECT_EQ(make_letter(spring_headers("inventory-service", "coupon-topic")).route, "");
}

TEST(Letter, that_another_application_made_of_a_hosts_letter_is_not_the_hosts_any_more) {
  HeaderList headers = gantry_headers("alert");
  for (const route::OutHeader& header : spring_headers("dlq-reader", "DLQ-topic"))
    headers.push_back(header);
  const Letter letter = make_letter(headers);
  EXPECT_EQ(letter.route, "");
  EXPECT_EQ(letter.original->topic, "DLQ-topic");
  EXPECT_EQ(letter.reason, "org.springframework.ListenerFailed");
}

TEST(Letter, that_tells_nothing_is_a_letter_all_the_same) {
  const Letter letter = make_letter({{"own", "1"}});
  EXPECT_EQ(letter.route, "");
  EXPECT_EQ(letter.reason, "unknown");
  EXPECT_FALSE(letter.original);
}

TEST(LetterName, is_read_as_it_is_written) {
  EXPECT_EQ(parse_letter_id("DLQ-topic:0:15", ""), (LetterId{"DLQ-topic", 0, 15}));
  EXPECT_EQ(parse_letter_id("2:7", "DLQ-topic"), (LetterId{"DLQ-topic", 2, 7}));
}

TEST(LetterName, is_nothing_else) {
  for (const char* text : {"", "7", "2:7", ":2:7", "DLQ-topic:x:7",
                           "DLQ-topic:2:", "DLQ-topic:2:-1", "DLQ-topic:2:7 "})
    EXPECT_FALSE(parse_letter_id(text, "")) << text;
}

}  // namespace
}  // namespace gantry::dlq
