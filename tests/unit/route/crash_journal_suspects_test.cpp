// Whom a crash makes suspect, and whose crashes are counted.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/route/crash_journals.hpp"

namespace gantry::route {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;
using testing::UnorderedElementsAreArray;
using End = LastRun::End;

TEST_F(CrashJournals, suspect_what_the_lane_that_crashed_had_and_no_other) {
  hold(orders, 0, "a", {5, 6, 7});
  hold(orders, 1, "a", {8});
  hold(alert, 0, "a", {9});
  crash_in_orders(0);
  EXPECT_EQ(start().end, End::crashed);
  EXPECT_EQ(journal->last_run().death, "SIGSEGV");
  EXPECT_THAT(suspected(), ElementsAre(5, 6, 7));
}

TEST_F(CrashJournals, suspect_nothing_of_orders_when_alert_crashes) {
  hold(orders, 0, "a", {5, 6, 7});
  hold(alert, 0, "a", {8, 9});
  crash_in_alert();
  start();
  EXPECT_THAT(suspected(), ElementsAre(8, 9));
}

TEST_F(CrashJournals, suspect_everything_of_a_crash_on_an_unknown_thread) {
  hold(orders, 1, "a", {5});
  hold(alert, 0, "a", {9});
  crash_somewhere();
  start();
  EXPECT_THAT(suspected(), UnorderedElementsAre(5, 9));
}

TEST_F(CrashJournals, suspect_nobody_when_a_lane_without_offsets_crashes) {
  hold(orders, 1, "a", {5});
  const JournalHand of_http;
  crash(&of_http);
  EXPECT_EQ(start().end, End::crashed);
  EXPECT_THAT(suspected(), IsEmpty());
}

TEST_F(CrashJournals, suspect_everything_when_the_culprit_is_not_where_it_crashes) {
  for (const std::vector<std::int64_t>& expected :
       std::vector<std::vector<std::int64_t>>{{1}, {1, 2}, {1, 2, 3, 9}}) {
    hold(orders, 0, "a", {static_cast<std::int64_t>(suspected().size()) + 1});
    hold(alert, 0, "a", {9});
    crash_in_orders(0);
    start();
    EXPECT_THAT(suspected(), UnorderedElementsAreArray(expected));
  }
}

TEST_F(CrashJournals, count_crashes_of_a_message_that_was_alone_and_only_those) {
  hold(orders, 0, "a", {5, 6});
  crash_in_orders(0);
  for (std::uint32_t crashes = 1; crashes <= 3; ++crashes) {
    start();
    hold(orders, 1, "a", {6});
    crash_in_orders(1);
    start();
    EXPECT_EQ(crashes_of(6), crashes);
    EXPECT_EQ(crashes_of(5), 0u);
  }
}

TEST_F(CrashJournals, count_crashes_also_of_one_that_is_kept_too_long_while_others_go_on) {
  hold(orders, 0, "a", {5});
  crash_in_orders(0);
  start();
  hold(orders, 0, "a", {5});
  hold(orders, 1, "a", {7, 8});
  hold(alert, 0, "a", {9});
  crash_in_orders(0);
  start();
  EXPECT_EQ(crashes_of(5), 1u);
  EXPECT_THAT(suspected(), ElementsAre(5));
}

TEST_F(CrashJournals, count_no_kill_of_a_message_that_was_alone) {
  hold(orders, 0, "a", {5});
  crash_in_orders(0);
  for (int kills = 0; kills < 10; ++kills) {
    start();
    hold(orders, 0, "a", {5});
  }
  EXPECT_EQ(start().end, End::unclean);
  EXPECT_EQ(crashes_of(5), 0u);
  EXPECT_THAT(suspected(), ElementsAre(5)) << "it stays one until it has been handled";
}

TEST_F(CrashJournals, count_no_crash_of_another_lane_beside_it) {
  hold(orders, 0, "a", {5});
  crash_in_orders(0);
  start();
  hold(orders, 0, "a", {5});
  hold(orders, 1, "a", {8});  // its handler does not return
  crash_in_orders(1);
  start();
  EXPECT_EQ(crashes_of(5), 0u);
  EXPECT_THAT(suspected(), ElementsAre(5, 8));
}

TEST_F(CrashJournals, count_a_crash_on_an_unknown_thread_for_who_may_work_on_one) {
  hold(orders, 0, "a", {5});
  hold(alert, 0, "a", {9});
  crash_somewhere();
  start();
  journal->strictly_alone(true);
  hold(orders, 0, "a", {5});
  crash_somewhere();
  start();
  EXPECT_EQ(crashes_of(5), 0u) << "its handler works in its lane";
  journal->strictly_alone(true);
  hold(alert, 0, "a", {9});
  crash_somewhere();
  start();
  EXPECT_EQ(crashes_of(9), 1u);
  hold(alert, 0, "a", {9});
  crash_somewhere();
  start();
  EXPECT_EQ(crashes_of(9), 1u) << "something else was in somebody's hands";
}

TEST_F(CrashJournals, suspect_all_of_a_route_of_a_crash_on_a_thread_that_it_made) {
  hold(orders, 0, "a", {5, 6});
  hold(orders, 1, "a", {7});
  hold(alert, 0, "a", {9});
  crash_in_thread_of_orders();
  start();
  EXPECT_THAT(suspected(), ElementsAre(5, 6, 7));
}

TEST_F(CrashJournals, count_a_crash_on_a_thread_of_the_route_whose_message_is_alone) {
  hold(orders, 1, "a", {5});
  crash_in_thread_of_orders();
  start();
  hold(orders, 1, "a", {5});
  crash_in_thread_of_orders();
  start();
  EXPECT_EQ(crashes_of(5), 1u);
  hold(orders, 1, "a", {5});
  crash_in_alert();
  start();
  EXPECT_EQ(crashes_of(5), 1u) << "another route's crash";
}

}  // namespace
}  // namespace gantry::route
