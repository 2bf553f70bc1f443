// When the relay goes round again: at once where nothing is on its way, and else together with what
// has been acknowledged meanwhile.
#include "outbox/relay_mailbox.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <thread>

namespace gantry::outbox {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kPatience{100};
constexpr std::chrono::hours kNever{1};  // a wait that reached it would outlast the test

RelayMailbox::Report acknowledged(RelayLedger::Id id) {
  return {id, {route::PublishStatus::acknowledged, {}}};
}

TEST(RelayMailbox, who_wakes_it_waits_for_nothing_while_nothing_is_on_its_way) {
  RelayMailbox mailbox;
  mailbox.wake();
  mailbox.wait(Clock::now() + kNever, {}, {0, kPatience});
  EXPECT_TRUE(mailbox.take().empty());
}

TEST(RelayMailbox, rows_that_come_while_records_are_on_their_way_wait_for_what_becomes_of_those) {
  RelayMailbox mailbox;
  mailbox.wake();
  std::thread brokers([&] {
    mailbox.post(acknowledged(1));
    mailbox.post(acknowledged(2));
  });
  mailbox.wait(Clock::now() + kNever, {}, {2, kPatience});
  EXPECT_EQ(mailbox.take().size(), 2u);
  brokers.join();
}

TEST(RelayMailbox, a_broker_that_does_not_answer_does_not_hold_the_rows_of_others) {
  RelayMailbox mailbox;
  mailbox.wake();
  mailbox.post(acknowledged(1));
  mailbox.wait(Clock::now() + kNever, {}, {2, kPatience});  // the second never comes
  EXPECT_EQ(mailbox.take().size(), 1u);
}

TEST(RelayMailbox, rounds_are_not_nearer_to_each_other_than_asked) {
  RelayMailbox mailbox;
  const auto next_round = Clock::now() + 20ms;
  mailbox.wake();
  mailbox.wait(Clock::now() + kNever, next_round, {0, kPatience});
  EXPECT_GE(Clock::now(), next_round);
}

TEST(RelayMailbox, the_end_waits_for_no_round) {
  RelayMailbox mailbox;
  mailbox.begin_end();
  mailbox.wait(Clock::now() + kNever, Clock::now() + kNever, {1000, kPatience});
  EXPECT_TRUE(mailbox.ending());
}

}  // namespace
}  // namespace gantry::outbox
