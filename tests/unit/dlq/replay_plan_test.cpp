// What becomes of a letter that is to be replayed.
#include "dlq/replay_plan.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "route/message/replayed.hpp"
#include "unit/dlq/letters_for_tests.hpp"

namespace gantry::dlq {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

std::vector<std::pair<std::string, std::string>> pairs(const HeaderList& headers) {
  std::vector<std::pair<std::string, std::string>> result;
  for (const route::OutHeader& header : headers)
    result.emplace_back(header.name, header.value.value_or("(null)"));
  return result;
}

ReplayPlan plan(const HeaderList& headers, std::uint32_t max_replays = 5) {
  return plan_replay(make_letter(headers), make_config(), max_replays);
}

TEST(ReplayPlan, is_a_copy_for_the_route_that_counts_one_more) {
  HeaderList headers = gantry_headers("alert", "2");
  headers.insert(headers.begin(), {"own", std::nullopt});
  const ReplayPlan made = plan(headers);
  EXPECT_THAT(made.refusal, IsEmpty());
  EXPECT_EQ(made.copy.topic, "gantry.replay.alert");
  EXPECT_EQ(made.copy.key, "order-7");
  EXPECT_EQ(made.copy.value, "{}");
  EXPECT_EQ(made.copy.timestamp_ms, 0) << "retention counts from the replay";
  headers.back().value = "3";
  EXPECT_EQ(pairs(made.copy.headers), pairs(headers));
}

TEST(ReplayPlan, of_a_spring_letter_keeps_its_headers_and_begins_to_count) {
  HeaderList headers = spring_headers("default-group-alert", "trace-topic");
  const ReplayPlan made = plan(headers);
  EXPECT_EQ(made.copy.topic, "gantry.replay.alert");
  headers.push_back({"gantry.replays", "1"});
  EXPECT_EQ(pairs(made.copy.headers), pairs(headers));
  EXPECT_EQ(route::origin_of(views(made.copy))->offset, 41);
}

TEST(ReplayPlan, refuses_what_was_replayed_too_often) {
  EXPECT_THAT(plan(gantry_headers("alert", "4")).refusal, IsEmpty());
  EXPECT_THAT(plan(gantry_headers("alert", "5")).refusal, HasSubstr("replayed 5 times already"));
  EXPECT_THAT(plan(gantry_headers("alert", "6"), 5).refusal, HasSubstr("6 times"));
  EXPECT_THAT(plan(gantry_headers("alert", "5"), 6).refusal, IsEmpty());
}

TEST(ReplayPlan, refuses_what_no_route_would_read) {
  EXPECT_THAT(plan(gantry_headers("gone")).refusal, HasSubstr("\"gone\" is not in this"));
  EXPECT_THAT(plan(gantry_headers("payment")).refusal, HasSubstr("takes HTTP requests"));
  EXPECT_THAT(plan({}).refusal, HasSubstr("nobody knows whose"));
}

TEST(ReplayPlan, sends_what_could_not_be_sent_to_where_it_should_have_gone_as_it_was) {
  HeaderList headers = gantry_headers("payment");
  headers[1].value = "send-failed";
  headers[5].value = "-1";
  headers[6].value = "-1";
  headers.insert(headers.begin(), {"__TypeId__", "OrderCreatedEvent"});
  const ReplayPlan made = plan(headers);
  EXPECT_THAT(made.refusal, IsEmpty());
  EXPECT_EQ(made.copy.topic, "trace-topic");
  EXPECT_EQ(made.copy.partition, -1);
  EXPECT_EQ(pairs(made.copy.headers), pairs({{"__TypeId__", "OrderCreatedEvent"}}));
}

TEST(CopyName, of_a_plan_is_that_of_the_copy_in_the_topic_and_of_no_other_replay) {
  const auto first = copy_name(plan(gantry_headers("alert", "0")).copy);
  const auto second = copy_name(plan(gantry_headers("alert", "1")).copy);
  ASSERT_TRUE(first);
  EXPECT_EQ(first, copy_name(stored(gantry_headers("alert", "1")).record));
  EXPECT_NE(first, second);
}

TEST(CopyName, tells_records_at_the_same_place_apart_by_their_time) {
  HeaderList later = gantry_headers("alert", "1");
  later[7].value = "1700000000124";
  EXPECT_NE(copy_name(stored(gantry_headers("alert", "1")).record),
            copy_name(stored(later).record));
}

TEST(CopyName, is_none_where_the_time_is_not_told) {
  HeaderList headers = gantry_headers("alert", "1");
  headers.erase(headers.begin() + 7);
  EXPECT_FALSE(copy_name(stored(headers).record));
}

}  // namespace
}  // namespace gantry::dlq
