// For how long a message may come again.
#include "cli/retention.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gantry::cli {
namespace {

using std::chrono::days;
using testing::HasSubstr;

kafka::TopicState topic(const std::string& retention, const std::string& policy = "delete") {
  return {3, 3, {{"retention.ms", retention}, {"cleanup.policy", policy}}};
}

config::Route alert() {
  config::Route route;
  route.name = "alert";
  route.topics = {"trace-topic", "old-topic"};
  return route;
}

constexpr const char* kWeek = "604800000";
constexpr const char* kMonth = "2592000000";

TEST(Retention, is_that_of_the_source_the_dead_letter_and_the_replay_one_after_the_other) {
  const Retention all = retention_of(alert(), {{"trace-topic", topic(kWeek)},
                                               {"old-topic", topic("86400000")},
                                               {"DLQ-topic", topic(kMonth)},
                                               {"gantry.replay.alert", topic(kMonth)}});
  EXPECT_TRUE(all.known);
  EXPECT_EQ(all.time, days(67));
  EXPECT_EQ(all.text,
            "7 days in trace-topic, 1 day in old-topic, 30 days in DLQ-topic, 30 days in "
            "gantry.replay.alert");
}

TEST(Retention, of_a_topic_that_is_not_there_is_nothing) {
  EXPECT_EQ(retention_of(alert(), {{"trace-topic", topic(kWeek)}}).time, days(7));
}

TEST(Retention, is_not_known_where_a_topic_keeps_its_records_for_ever_or_nobody_says) {
  for (const auto& endless :
       {topic("-1"), topic(kWeek, "compact"), topic(""), topic("x"), kafka::TopicState{3, 3, {}}}) {
    const Retention all = retention_of(alert(), {{"trace-topic", endless}});
    EXPECT_FALSE(all.known);
    EXPECT_THAT(all.text, HasSubstr("for ever"));
  }
}

TEST(Retention, depends_on_the_routes_topics_its_dead_letters_and_its_replays) {
  EXPECT_THAT(topics_of(alert()),
              testing::ElementsAre("DLQ-topic", "gantry.replay.alert", "old-topic", "trace-topic"));
}

}  // namespace
}  // namespace gantry::cli
