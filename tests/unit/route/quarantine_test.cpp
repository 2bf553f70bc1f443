// Two routes of one process after a crash: while a suspect of one is handled, no handler of either
// has anything else.
#include "route/journal/quarantine.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <set>
#include <thread>

#include "support/temp_folder.hpp"
#include "unit/route/fake_route.hpp"

namespace gantry::route {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

const std::vector<JournaledRoute> kRoutes{
    {.name = "crashed", .group = "crashed", .topics = {"trace-topic"}, .hands = 3, .capacity = 500},
    {.name = "other", .group = "other", .topics = {"trace-topic"}, .hands = 3, .capacity = 500}};

config::Route named(const std::string& name) {
  config::Route route = make_route();
  route.name = route.group = name;
  return route;
}

std::vector<std::string> keys(std::size_t count) {
  std::vector<std::string> all;
  for (std::size_t i = 0; i < count; ++i) all.push_back(std::to_string(i));
  return all;
}

class QuarantineTurns : public testing::Test {
 protected:
  // The last run died of these offsets of the route "crashed".
  void crash_with(const std::set<std::int64_t>& offsets) {
    {
      CrashJournal last{folder_ / "crash.journal"};
      last.begin(kRoutes);
      JournalHand hand = last.route("crashed").hands[0];
      std::uint32_t at = 0;
      for (const std::int64_t offset : offsets)
        hand.put(at++, {.offset = offset, .timestamp_ms = 0, .partition = 0, .topic = 0});
      hand.hold(offsets.size());
      std::thread{[&] {
        const WorksFor owner{hand.owner()};
        last.mark(SIGSEGV);
      }}.join();
    }
    journal.emplace(folder_ / "crash.journal");
    ASSERT_EQ(journal->last_run().suspects.size(), offsets.size());
    suspects_ = offsets;
    journal->begin(kRoutes);
    quarantine.emplace(*journal);
  }
  std::unique_ptr<FakeRoute> make(const std::string& name, HandlerTraits traits,
                                  FakeRoute::Handle handle, config::Route config) {
    auto fake = std::make_unique<FakeRoute>(traits, 3, std::move(handle), std::move(config),
                                            nullptr, [&](RouteParts& parts) {
                                              parts.quarantine = &*quarantine;
                                              parts.journal = journal->route(name);
                                            });
    fake->route->start();
    return fake;
  }
  std::unique_ptr<FakeRoute> make(const std::string& name, HandlerTraits traits) {
    return make(
        name, traits,
        [this, name](FakeRoute::Messages messages, gantry_outcome&) {
          const gantry_message& first = *messages[0];
          handle(name == "crashed" && first.partition == 0 && suspects_.contains(first.offset),
                 messages.size());
        },
        named(name));
  }
  void handle(bool suspect, std::size_t messages) {
    const int beside = in_hands_++;
    if (suspect) {
      ++suspects_handled;
      EXPECT_EQ(messages, 1u);
      EXPECT_EQ(beside, 0) << "a suspect is not alone";
      std::this_thread::sleep_for(milliseconds{1});  // for others to come in, were they let
      EXPECT_EQ(in_hands_, 1) << "a suspect is not alone";
    }
    --in_hands_;
  }
  static void end(FakeRoute& fake) {
    fake.route->revoked();
    EXPECT_TRUE(fake.route->stop(seconds{30}));
  }
  std::vector<AwaitedSuspect> left() const {
    return quarantine->awaited("crashed", "trace-topic", 0);
  }

  std::optional<CrashJournal> journal;
  std::optional<Quarantine> quarantine;
  std::atomic<int> suspects_handled{0};

 private:
  test::TempFolder folder_;
  std::set<std::int64_t> suspects_;
  std::atomic<int> in_hands_{0};
};

TEST_F(QuarantineTurns, leave_a_suspect_alone_in_the_process) {
  std::set<std::int64_t> offsets;
  for (int i = 0; i < 50; ++i) offsets.insert(i * i);
  crash_with(offsets);
  auto crashed = make("crashed", kBatches);
  auto other = make("other", kOneByOne);
  for (FakeRoute* fake : {crashed.get(), other.get()}) {
    fake->produce(0, keys(3000));
    fake->produce(1, keys(3000));
    fake->assign({0, 1});
  }
  EXPECT_TRUE(eventually([&] { return crashed->all_committed() && other->all_committed(); }));
  EXPECT_EQ(suspects_handled, 50);
  EXPECT_TRUE(eventually([&] { return left().empty(); })) << "they were handled";
  end(*crashed);
  end(*other);
}

TEST_F(QuarantineTurns, do_not_wait_for_a_route_that_was_never_begun) {
  crash_with({2});
  {
    RouteParts parts;
    parts.config = named("refused");  // as where its plugin does not take its settings
    parts.quarantine = &*quarantine;
    const Route refused(std::move(parts));
  }
  EXPECT_EQ(quarantine->hands(), Hands::empty);
}

TEST_F(QuarantineTurns, of_a_route_without_suspects_never_come) {
  crash_with({2});
  auto other = make("other", kBatches);
  other->produce(0, keys(1000));
  other->assign({0});
  EXPECT_TRUE(eventually([&] { return other->all_committed(); }));
  EXPECT_EQ(left().size(), 1u);
  end(*other);
}

TEST_F(QuarantineTurns, end_with_a_route_that_stops_in_its_own) {
  crash_with({0, 1});
  Gate gate;
  auto crashed = make(
      "crashed", kOneByOne, [&](FakeRoute::Messages, gantry_outcome&) { gate.wait(); },
      named("crashed"));
  auto other = make("other", kOneByOne);
  crashed->produce(0, keys(2));
  crashed->assign({0});
  EXPECT_TRUE(eventually([&] { return gate.waiting() == 1; }));
  other->produce(0, keys(10));
  other->assign({0});
  gate.open();
  crashed->route->drain(seconds{30});
  end(*crashed);
  EXPECT_TRUE(eventually([&] { return other->all_committed(); }));
  end(*other);
}

TEST_F(QuarantineTurns, are_over_when_a_suspect_hangs) {
  crash_with({0, 1});
  config::Route impatient = named("crashed");
  impatient.handler_deadline = milliseconds{50};
  impatient.cancel_grace = milliseconds{50};
  config::Route quick = named("other");
  quick.handler_deadline = milliseconds{50};
  quick.cancel_grace = milliseconds{50};
  Gate gate;
  auto crashed = make(
      "crashed", kOneByOne, [&](FakeRoute::Messages, gantry_outcome&) { gate.wait(); }, impatient);
  auto other = make(
      "other", kOneByOne, [](FakeRoute::Messages, gantry_outcome&) {}, quick);
  crashed->produce(0, keys(2));
  crashed->assign({0});
  EXPECT_TRUE(eventually([&] { return gate.waiting() == 1; }));
  other->produce(0, keys(10));
  other->assign({0});
  EXPECT_TRUE(eventually([&] { return other->all_committed(); })) << "the other route goes on";
  EXPECT_EQ(gate.waiting(), 1) << "the second suspect waits for the first";
  gate.open();
  end(*crashed);
  end(*other);
}

TEST_F(QuarantineTurns, go_on_beside_a_hanging_lane_of_their_own_route) {
  crash_with({1, 2});
  config::Route impatient = named("crashed");
  impatient.handler_deadline = milliseconds{50};
  impatient.cancel_grace = milliseconds{50};
  Gate gate;
  auto crashed = make(
      "crashed", kOneByOne,
      [&](FakeRoute::Messages messages, gantry_outcome&) {
        if (messages[0]->offset == 0) return gate.wait();
        ++suspects_handled;
      },
      impatient);
  auto other = make(
      "other", kOneByOne, [](FakeRoute::Messages, gantry_outcome&) {}, named("other"));
  crashed->produce(0, keys(3));
  crashed->assign({0});
  EXPECT_TRUE(eventually([&] { return suspects_handled == 2; }));
  other->produce(0, keys(10));
  other->assign({0});
  EXPECT_TRUE(eventually([&] { return other->all_committed(); }));
  gate.open();
  end(*crashed);
  end(*other);
}

TEST_F(QuarantineTurns, do_not_wait_for_ever_for_a_handler_that_hangs) {
  crash_with({0});
  config::Route impatient = named("other");
  impatient.handler_deadline = milliseconds{50};
  impatient.cancel_grace = milliseconds{50};
  config::Route quick = impatient;
  quick.name = quick.group = "crashed";
  Gate gate;
  auto other = make(
      "other", kOneByOne, [&](FakeRoute::Messages, gantry_outcome&) { gate.wait(); }, impatient);
  other->produce(0, keys(1));
  other->assign({0});
  EXPECT_TRUE(eventually([&] { return gate.waiting() == 1; }));
  auto crashed = make(
      "crashed", kOneByOne, [&](FakeRoute::Messages, gantry_outcome&) { ++suspects_handled; },
      quick);
  crashed->produce(0, keys(1));
  crashed->assign({0});
  EXPECT_TRUE(eventually([&] { return crashed->all_committed(); }));
  EXPECT_EQ(suspects_handled, 1);
  gate.open();
  end(*crashed);
  end(*other);
}

}  // namespace
}  // namespace gantry::route
