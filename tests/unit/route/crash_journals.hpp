// A crash journal, what one process wrote into it and the next one reads.
#pragma once

#include <gtest/gtest.h>
#include <signal.h>

#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "route/journal/crash_journal.hpp"
#include "support/temp_folder.hpp"

namespace gantry::route {

// Two lanes of "orders" with batches of three, and "alert", whose handler may pend.
inline const std::vector<JournaledRoute> kJournaledRoutes{
    {.name = "orders", .group = "g-orders", .topics = {"a", "b"}, .hands = 2, .capacity = 3},
    {.name = "alert",
     .group = "g-alert",
     .topics = {"a"},
     .hands = 1,
     .capacity = 4,
     .pends = true}};

class CrashJournals : public testing::Test {
  test::TempFolder folder_;

 protected:
  CrashJournals() { start(); }
  // The process is gone without a word, and the next one begins.
  const LastRun& start(const std::vector<JournaledRoute>& routes = kJournaledRoutes) {
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

  const std::filesystem::path file = folder_ / "crash.journal";
  std::unique_ptr<CrashJournal> journal;
  CrashJournal::Route orders, alert;
};

}  // namespace gantry::route
