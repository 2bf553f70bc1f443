// What one process notes and the next one finds.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <string>

#include "route/journal/quarantine.hpp"
#include "unit/route/crash_journals.hpp"

namespace gantry::route {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using End = LastRun::End;

TEST_F(CrashJournals, name_what_was_in_flight_at_an_unclean_end_and_suspect_nobody_of_it) {
  hold(orders, 0, "a", {5, 6});
  hold(orders, 1, "b", {7});
  hold(alert, 0, "a", {8});
  const LastRun& last = start();
  EXPECT_EQ(last.end, End::unclean);
  EXPECT_EQ(last.death, "");
  EXPECT_THAT(last.in_flight, ElementsAre(message("g-orders", "a", 5), message("g-orders", "a", 6),
                                          message("g-orders", "b", 7), message("g-alert", "a", 8)));
  EXPECT_THAT(last.suspects, IsEmpty());
}

TEST_F(CrashJournals, keep_what_a_process_wrote_that_was_killed) {
  EXPECT_EXIT(
      {
        hold(orders, 0, "a", {5});
        raise(SIGKILL);
      },
      testing::KilledBySignal(SIGKILL), "");
  EXPECT_THAT(start().in_flight, ElementsAre(message("g-orders", "a", 5)));
}

TEST_F(CrashJournals, forget_what_a_handler_has_returned) {
  hold(orders, 0, "a", {5});
  JournalHand{orders.hands[0]}.hold(0);
  EXPECT_THAT(start().in_flight, IsEmpty());
}
TEST_F(CrashJournals, know_routes_that_came_while_the_process_ran) {
  journal->add({{.name = "late", .group = "g-late", .topics = {"c"}, .hands = 1, .capacity = 2}});
  const auto late = journal->route("late");
  hold(orders, 0, "a", {5});
  hold(late, 0, "c", {7, 8});
  crash(late.hands.data());
  start();
  EXPECT_THAT(journal->last_run().suspects, ElementsAre(Suspect{message("g-late", "c", 7), 0},
                                                        Suspect{message("g-late", "c", 8), 0}));
}

TEST_F(CrashJournals, note_a_route_that_was_replaced_in_its_new_hands) {
  journal->add(
      {{.name = "orders", .group = "g-orders", .topics = {"b"}, .hands = 1, .capacity = 9}});
  orders = journal->route("orders");
  EXPECT_EQ(orders.hands.size(), 1u);
  hold(orders, 0, "b", {1, 2, 3, 4, 5});
  EXPECT_THAT(start().in_flight, SizeIs(5));
}

TEST_F(CrashJournals, know_topics_by_their_names_after_an_addition_that_found_no_room) {
  rlimit before{};
  getrlimit(RLIMIT_FSIZE, &before);
  const auto ignored = signal(SIGXFSZ, SIG_IGN);
  const rlimit full{.rlim_cur = std::filesystem::file_size(file), .rlim_max = before.rlim_max};
  setrlimit(RLIMIT_FSIZE, &full);
  EXPECT_THROW(journal->add({{.name = "lost", .group = "g-lost", .topics = {"c", "d"}}}),
               std::system_error);
  setrlimit(RLIMIT_FSIZE, &before);
  signal(SIGXFSZ, ignored);
  journal->add({{.name = "late", .group = "g-late", .topics = {"e"}}});
  hold(journal->route("late"), 0, "e", {7});
  EXPECT_THAT(start().in_flight, ElementsAre(message("g-late", "e", 7)));
}

TEST_F(CrashJournals, have_no_hands_for_a_route_that_was_left_out) {
  journal->leave_out("orders");
  EXPECT_THAT(journal->route("orders").hands, IsEmpty());
}

TEST_F(CrashJournals, forget_a_mark_of_what_was_no_death) {
  hold(orders, 0, "a", {5});
  crash_in_orders(0);
  journal->unmark();
  EXPECT_EQ(start().end, End::unclean);
  EXPECT_THAT(suspected(), IsEmpty());
}

TEST_F(CrashJournals, forget_suspects_that_are_cleared) {
  hold(orders, 0, "a", {5, 6, 7});
  crash_in_orders(0);
  start();
  journal->clear(1);
  start();
  EXPECT_THAT(suspected(), ElementsAre(5, 7));
}

TEST_F(CrashJournals, keep_suspects_of_a_route_that_is_not_there_now) {
  hold(orders, 0, "b", {5});
  crash_in_orders(0);
  start({kJournaledRoutes[1]});
  start();
  EXPECT_THAT(journal->last_run().suspects, ElementsAre(Suspect{message("g-orders", "b", 5), 0}));
}

TEST_F(CrashJournals, keep_suspects_beyond_a_clean_end_until_they_are_settled) {
  hold(orders, 0, "a", {5});
  crash_in_orders(0);
  start();
  hold(orders, 0, "a", {5});
  crash_in_orders(0);
  start();
  journal->close();
  EXPECT_EQ(start().end, End::clean);
  EXPECT_EQ(journal->last_run().crashes, 0u);
  EXPECT_THAT(journal->last_run().in_flight, IsEmpty());
  EXPECT_EQ(crashes_of(5), 1u);
}

TEST_F(CrashJournals, are_empty_after_a_clean_end_with_nothing_open) {
  hold(orders, 0, "a", {5});
  crash_in_orders(0);
  start();
  journal->clear(0);
  journal->close();
  EXPECT_FALSE(std::filesystem::exists(file));
  EXPECT_EQ(start().end, End::clean);
  EXPECT_THAT(journal->last_run().suspects, IsEmpty());
  EXPECT_EQ(journal->last_run().crashes, 0u);
}

TEST_F(CrashJournals, that_cannot_be_begun_leave_the_last_one_as_it_is) {
  hold(orders, 0, "a", {5});
  crash_in_orders(0);
  journal.reset();
  journal = std::make_unique<CrashJournal>(file);
  const std::filesystem::path in_the_way = file.string() + ".new";
  std::filesystem::create_directory(in_the_way);
  EXPECT_THROW(journal->begin(kJournaledRoutes), std::system_error);
  std::filesystem::remove(in_the_way);
  start();
  EXPECT_THAT(suspected(), ElementsAre(5));
}

TEST_F(CrashJournals, belong_to_one_process) {
  EXPECT_THROW(CrashJournal second{file}, std::system_error);
}

TEST_F(CrashJournals, note_no_more_than_a_hand_holds) {
  hold(orders, 0, "a", {1, 2, 3, 4, 5});
  hold(orders, 1, "a", {6});
  EXPECT_THAT(start().in_flight, SizeIs(4));
}

TEST_F(CrashJournals, take_names_of_any_length) {
  const std::string group(5000, 'g');
  const std::string topic(249, 't');
  start({{.name = "orders", .group = group, .topics = {topic}, .hands = 1, .capacity = 1}});
  hold(orders, 0, topic, {5});
  ASSERT_THAT(start().in_flight, SizeIs(1));
  EXPECT_EQ(journal->last_run().in_flight[0].topic, topic);
}

TEST_F(CrashJournals, find_the_suspects_of_each_partition) {
  hold(orders, 0, "b", {9, 5});
  crash_in_orders(0);
  start();
  const Quarantine quarantine{*journal};
  const auto awaited = quarantine.awaited("g-orders", "b", 2);
  ASSERT_THAT(awaited, SizeIs(2));
  EXPECT_EQ(awaited[0].offset, 5);
  EXPECT_EQ(awaited[1].offset, 9);
  EXPECT_THAT(quarantine.awaited("g-orders", "a", 2), IsEmpty());
  EXPECT_THAT(quarantine.awaited("g-orders", "b", 1), IsEmpty());
  EXPECT_THAT(quarantine.awaited("g-alert", "b", 2), IsEmpty());
  journal->clear(awaited[0].number);
  ASSERT_THAT(quarantine.awaited("g-orders", "b", 2), SizeIs(1));
  EXPECT_EQ(quarantine.awaited("g-orders", "b", 2)[0].offset, 9);
}

}  // namespace
}  // namespace gantry::route
