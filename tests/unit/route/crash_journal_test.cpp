// What one process notes and the next one finds, and whom it suspects.
#include "route/crash_journal.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <memory>
#include <random>
#include <sstream>
#include <thread>

#include "route/quarantine.hpp"

namespace gantry::route {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using testing::UnorderedElementsAre;
using testing::UnorderedElementsAreArray;
using End = LastRun::End;

// Two lanes of "orders" with batches of three, and "alert", whose handler may pend.
const std::vector<JournaledRoute> kRoutes{
    {.name = "orders", .group = "g-orders", .topics = {"a", "b"}, .hands = 2, .capacity = 3},
    {.name = "alert",
     .group = "g-alert",
     .topics = {"a"},
     .hands = 1,
     .capacity = 4,
     .pends = true}};

class CrashJournals : public testing::Test {
 protected:
  CrashJournals() {
    std::string name = "/tmp/gantry-journal-XXXXXX";
    folder_ = mkdtemp(name.data());
    file = folder_ / "crash.journal";
    start();
  }
  ~CrashJournals() override {
    journal.reset();
    std::filesystem::remove_all(folder_);
  }
  // The process is gone without a word, and the next one begins.
  const LastRun& start(const std::vector<JournaledRoute>& routes = kRoutes) {
    journal.reset();
    journal = std::make_unique<CrashJournal>(file);
    journal->begin(routes);
    orders = journal->route("orders");
    alert = journal->route("alert");
    return journal->last_run();
  }
  static JournaledMessage message(const std::string& group, const std::string& topic,
                                  std::int64_t offset) {
    return {group, topic, 2, offset, 1000 + offset};
  }
  static void hold(const CrashJournal::Route& route, std::size_t hand, const std::string& topic,
                   std::vector<std::int64_t> offsets) {
    JournalHand to = route.hands.at(hand);
    for (std::uint32_t i = 0; i < offsets.size(); ++i)
      to.put(i, {.offset = offsets[i],
                 .timestamp_ms = 1000 + offsets[i],
                 .partition = 2,
                 .topic = route.topics.at(topic)});
    to.hold(offsets.size());
  }
  // On a thread of its own, which is that of a lane, or of nobody that is known.
  void crash(const JournalHand* lane, int signal = SIGSEGV) {
    std::thread{[&] {
      const WorksFor owner{lane != nullptr ? lane->owner() : owner::kUnknown};
      journal->mark(signal);
    }}.join();
  }
  // On a thread that a plugin made in one of the lanes of "orders".
  void crash_in_thread_of_orders() {
    std::thread{[&] {
      const WorksFor owner{owner::heir_of(orders.hands.at(0).owner())};
      journal->mark(SIGSEGV);
    }}.join();
  }
  void crash_in_orders(std::size_t hand) { crash(&orders.hands.at(hand)); }
  void crash_in_alert() { crash(alert.hands.data()); }
  void crash_somewhere() { crash(nullptr); }
  std::uint32_t crashes_of(std::int64_t offset) {
    for (const Suspect& suspect : journal->last_run().suspects)
      if (suspect.message.offset == offset) return suspect.crashes;
    ADD_FAILURE() << offset << " is not suspected";
    return 0;
  }
  std::vector<std::int64_t> suspected() {
    std::vector<std::int64_t> offsets;
    for (const Suspect& suspect : journal->last_run().suspects)
      offsets.push_back(suspect.message.offset);
    return offsets;
  }

  std::filesystem::path file;
  std::unique_ptr<CrashJournal> journal;
  CrashJournal::Route orders, alert;

 private:
  std::filesystem::path folder_;
};

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
  start({kRoutes[1]});
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
  EXPECT_THROW(journal->begin(kRoutes), std::system_error);
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

TEST_F(CrashJournals, that_are_damaged_or_of_something_else_are_survived) {
  hold(orders, 0, "a", {5, 6, 7});
  crash_in_orders(0);
  std::ostringstream all;
  all << std::ifstream(file).rdbuf();
  const std::string whole = all.str();
  ASSERT_EQ(read_journal(whole).suspects.size(), 3u);
  EXPECT_EQ(read_journal("").end, End::clean);
  EXPECT_EQ(read_journal("something else").end, End::unclean);
  EXPECT_THAT(read_journal(whole.substr(0, whole.size() - 1)).suspects, IsEmpty());

  const std::uint64_t seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 random{seed};
  for (int round = 0; round < 20'000; ++round) {
    std::string broken = whole;
    for (std::uint64_t times = 1 + random() % 4; times > 0; --times)
      broken[random() % broken.size()] = static_cast<char>(random());
    if (random() % 4 == 0) broken.resize(random() % broken.size());
    const LastRun last = read_journal(broken);
    EXPECT_LE(last.suspects.size(), 100u);
  }
}

}  // namespace
}  // namespace gantry::route
