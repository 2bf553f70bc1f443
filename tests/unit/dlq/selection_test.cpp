// Grouping, and the oldest of many.
#include "dlq/selection.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/dlq/letters_for_tests.hpp"

namespace gantry::dlq {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

TEST(Selection, groups_by_route_reason_and_topic_with_first_and_last_time) {
  Selection selection;
  selection.add(make_letter(gantry_headers("order-saver"), 1, 3000));
  selection.add(make_letter(gantry_headers("alert"), 2, 9000));
  selection.add(make_letter(gantry_headers("order-saver"), 3, 1000));
  selection.add(make_letter(gantry_headers("order-saver"), 4, 2000));
  selection.close(0);
  const auto groups = selection.groups();
  ASSERT_THAT(groups, SizeIs(2));
  EXPECT_EQ(groups[0].owner, "alert");
  EXPECT_EQ(groups[0].count, 1u);
  EXPECT_EQ(groups[1].owner, "order-saver");
  EXPECT_EQ(groups[1].reason, "exhausted");
  EXPECT_EQ(groups[1].topic, "trace-topic");
  EXPECT_EQ(groups[1].count, 3u);
  EXPECT_EQ(groups[1].first_ms, 1000);
  EXPECT_EQ(groups[1].last_ms, 3000);
}

TEST(Selection, names_the_group_of_a_letter_that_is_nobodys) {
  Selection selection;
  selection.add(make_letter(spring_headers("inventory-service", "trace-topic")));
  selection.add(make_letter({}, 16));
  selection.close(0);
  ASSERT_THAT(selection.groups(), SizeIs(2));
  EXPECT_EQ(selection.groups()[0].owner, "(inventory-service)");
  EXPECT_EQ(selection.groups()[1].owner, "-");
  EXPECT_EQ(selection.groups()[1].topic, "-");
}

TEST(Selection, keeps_the_oldest_when_it_is_limited) {
  Selection selection;
  for (int i = 0; i < 10; ++i) selection.add(make_letter(gantry_headers("alert"), i, 100 - i));
  selection.close(3);
  EXPECT_EQ(selection.size(), 3u);
  EXPECT_TRUE(selection.contains({"DLQ-topic", 0, 9}));
  EXPECT_TRUE(selection.contains({"DLQ-topic", 0, 7}));
  EXPECT_FALSE(selection.contains({"DLQ-topic", 0, 6}));
  EXPECT_EQ(selection.groups()[0].count, 3u);
}

TEST(Selection, contains_what_was_added_and_nothing_else) {
  Selection selection;
  selection.add(make_letter(gantry_headers("alert"), 5));
  selection.close(0);
  EXPECT_TRUE(selection.contains({"DLQ-topic", 0, 5}));
  EXPECT_FALSE(selection.contains({"DLQ-topic", 1, 5}));
  EXPECT_FALSE(selection.contains({"DLQ-topic", 0, 6}));
  EXPECT_FALSE(selection.contains({"other", 0, 5}));
}

TEST(Selection, tells_what_has_to_be_read_to_find_it_again) {
  Selection selection;
  for (const int offset : {7, 3, 5}) selection.add(make_letter(gantry_headers("alert"), offset));
  selection.close(0);
  const kafka::Extent extent = selection.extent("DLQ-topic");
  ASSERT_THAT(extent, SizeIs(1));
  EXPECT_EQ(extent.at(0).begin, 3);
  EXPECT_EQ(extent.at(0).end, 8);
  EXPECT_THAT(selection.extent("other"), IsEmpty());
}

}  // namespace
}  // namespace gantry::dlq
