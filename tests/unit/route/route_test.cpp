// A route with its threads: what reaches handlers, and in which order.
#include "route/route.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <mutex>
#include <thread>

#include "unit/route/fake_route.hpp"

namespace gantry::route {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

std::string key_of(const gantry_message& message) {
  return std::to_string(message.partition) + "/" +
         std::string(reinterpret_cast<const char*>(message.key.data), message.key.size);
}

std::vector<std::string> keys(std::size_t count, std::size_t different) {
  std::vector<std::string> all;
  for (std::size_t i = 0; i < count; ++i) all.push_back(std::to_string(i * i % different));
  return all;
}

// What handlers did, checked while they do it: one at a time for each key, offsets ascending.
class OrderCheck {
 public:
  void begin(const gantry_message& message) {
    const std::lock_guard lock{mutex_};
    EXPECT_TRUE(busy_.insert(key_of(message)).second) << "a key is in two handlers' hands";
  }
  void end(const gantry_message& message, bool done) {
    const std::lock_guard lock{mutex_};
    busy_.erase(key_of(message));
    if (!done) return;
    auto& last = last_.try_emplace(key_of(message), -1).first->second;
    EXPECT_LT(last, message.offset) << "out of order";
    last = message.offset;
    ++done_;
  }
  int done() const {
    const std::lock_guard lock{mutex_};
    return done_;
  }

 private:
  mutable std::mutex mutex_;
  std::set<std::string> busy_;
  std::map<std::string, std::int64_t> last_;
  int done_ = 0;
};

config::Route impatient() {
  config::Route config = make_route();
  config.retry.backoff = milliseconds{1};
  return config;
}

class Lanes : public testing::TestWithParam<HandlerTraits> {};

TEST_P(Lanes, keep_the_order_of_each_key_while_messages_fail) {
  OrderCheck check;
  std::atomic<int> calls{0};
  auto fake = std::make_unique<FakeRoute>(
      GetParam(), 4,
      [&](FakeRoute::Messages messages, gantry_outcome& rest) {
        for (const auto* message : messages) check.begin(*message);
        rest.verdict = ++calls % 50 == 0 ? GANTRY_RETRY : GANTRY_OK;
        if (messages.size() == 1 && messages[0]->attempt == 3) rest.verdict = GANTRY_OK;
        for (const auto* message : messages) check.end(*message, rest.verdict == GANTRY_OK);
      },
      impatient());
  fake->route->start();
  for (std::int32_t partition = 0; partition < 3; ++partition)
    fake->produce(partition, keys(3000, 71));
  fake->assign({0, 1, 2});
  EXPECT_TRUE(eventually([&] { return fake->all_committed(); }));
  EXPECT_EQ(check.done(), 9000);
  fake->route->revoked();
  EXPECT_TRUE(fake->route->stop(seconds{30}));
  EXPECT_EQ(fetched_records().held(), 0u);
}

INSTANTIATE_TEST_SUITE_P(Kinds, Lanes,
                         testing::Values(kOneByOne, HandlerTraits{.max_batch = 50}, kPending));

TEST(RouteThreads, messages_settled_from_foreign_threads_are_settled_once) {
  std::mutex mutex;
  std::vector<gantry_slot> slots;
  auto fake = std::make_unique<FakeRoute>(kPending, 2,
                                          [&](FakeRoute::Messages messages, gantry_outcome& rest) {
                                            const std::lock_guard lock{mutex};
                                            for (const auto* message : messages)
                                              slots.push_back(message->slot);
                                            rest.verdict = GANTRY_PENDING;
                                          });
  std::atomic<int> accepted{0};
  std::atomic<bool> ends{false};
  const auto settle = [&] {
    const gantry_outcome ok{sizeof(gantry_outcome), GANTRY_OK, 0, {}, {}};
    while (!ends) {
      gantry_slot slot = 0;
      {
        const std::lock_guard lock{mutex};
        if (!slots.empty()) {
          slot = slots.back();
          slots.pop_back();
        }
      }
      if (slot == 0) {
        std::this_thread::yield();
        continue;
      }
      accepted += fake->route->settle(slot, ok) ? 1 : 0;
      accepted += fake->route->settle(slot, ok) ? 1 : 0;  // refused
    }
  };
  std::vector<std::thread> threads;
  for (int i = 0; i < 3; ++i) threads.emplace_back(settle);
  fake->route->start();
  fake->produce(0, keys(5000, 97));
  fake->assign({0});
  EXPECT_TRUE(eventually([&] { return fake->all_committed(); }));
  ends = true;
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(accepted, 5000);
  fake->route->revoked();
  EXPECT_TRUE(fake->route->stop(seconds{30}));
}

TEST(RouteThreads, a_slot_settled_within_the_call_stands_against_the_rest) {
  FakeRoute* self = nullptr;
  std::atomic<int> refused{0};
  std::atomic<int> letters{0};
  auto fake =
      std::make_unique<FakeRoute>(kBatches, 1, [&](FakeRoute::Messages messages, gantry_outcome&) {
        const gantry_outcome reject{sizeof(gantry_outcome), GANTRY_REJECT, 0, {}, {}};
        for (const auto* message : messages) {
          if (message->offset % 10 != 0) continue;
          EXPECT_TRUE(self->route->settle(message->slot, reject));
          refused += self->route->settle(message->slot, reject) ? 0 : 1;
        }
      });
  self = fake.get();
  fake->on_dead_letter = [&](const DeadLetterJob& job, const RouteParts::Done& done) {
    EXPECT_EQ(job.delivery->message.offset % 10, 0);
    ++letters;
    done(true, "");
  };
  fake->route->start();
  fake->produce(0, keys(1000, 1000));
  fake->assign({0});
  EXPECT_TRUE(eventually([&] { return fake->all_committed(); }));
  EXPECT_EQ(letters, 100);
  EXPECT_EQ(refused, 100);
  fake->route->revoked();
  EXPECT_TRUE(fake->route->stop(seconds{30}));
}

TEST(RouteThreads, dead_letters_acknowledged_by_a_foreign_thread_move_the_frontier) {
  std::mutex mutex;
  std::vector<RouteParts::Done> waiting;
  auto fake = std::make_unique<FakeRoute>(
      kOneByOne, 2,
      [](FakeRoute::Messages, gantry_outcome& rest) { rest.verdict = GANTRY_REJECT; });
  fake->on_dead_letter = [&](const DeadLetterJob&, RouteParts::Done done) {
    const std::lock_guard lock{mutex};
    waiting.push_back(std::move(done));
  };
  fake->route->start();
  fake->produce(0, keys(200, 200));
  fake->assign({0});
  std::thread brokers{[&] {
    int answered = 0;
    while (answered < 200) {
      RouteParts::Done done;
      {
        const std::lock_guard lock{mutex};
        if (waiting.empty()) continue;
        done = std::move(waiting.back());
        waiting.pop_back();
      }
      done(true, "");
      ++answered;
    }
  }};
  EXPECT_TRUE(eventually([&] { return fake->all_committed(); }));
  brokers.join();
  fake->route->revoked();
  EXPECT_TRUE(fake->route->stop(seconds{30}));
}

TEST(RouteThreads, a_refused_dead_letter_is_reported_and_sent_again) {
  std::atomic<bool> takes{false};
  auto fake = std::make_unique<FakeRoute>(kOneByOne, 2,
                                          [](FakeRoute::Messages messages, gantry_outcome& rest) {
                                            if (messages[0]->offset == 0)
                                              rest.verdict = GANTRY_REJECT;
                                          });
  fake->on_dead_letter = [&](const DeadLetterJob&, const RouteParts::Done& done) {
    done(takes, "no leader");
  };
  fake->route->start();
  fake->produce(0, keys(10, 10));
  fake->assign({0});
  EXPECT_TRUE(eventually([&] { return fake->state() == "holding"; }));
  takes = true;
  EXPECT_TRUE(eventually([&] { return fake->all_committed() && fake->state() == "running"; }));
  fake->route->revoked();
  EXPECT_TRUE(fake->route->stop(seconds{30}));
}

TEST(RouteThreads, an_outage_pauses_the_route_and_loses_nothing) {
  std::atomic<bool> down{true};
  std::atomic<int> done{0};
  auto fake = std::make_unique<FakeRoute>(kBatches, 3,
                                          [&](FakeRoute::Messages messages, gantry_outcome& rest) {
                                            rest.verdict = down ? GANTRY_UNAVAILABLE : GANTRY_OK;
                                            if (!down) done += static_cast<int>(messages.size());
                                          });
  fake->route->start();
  fake->produce(0, keys(500, 40));
  fake->assign({0});
  EXPECT_TRUE(eventually([&] { return fake->state() == "unavailable"; }));
  down = false;
  EXPECT_TRUE(eventually([&] { return fake->all_committed(); }));
  EXPECT_GE(done, 500);
  fake->route->revoked();
  EXPECT_TRUE(fake->route->stop(seconds{30}));
}

TEST(RouteThreads, rebalances_lose_nothing_and_release_every_message) {
  std::mutex mutex;
  std::set<std::int64_t> done;
  auto fake = std::make_unique<FakeRoute>(
      kOneByOne, 3,
      [&](FakeRoute::Messages messages, gantry_outcome& rest) {
        const bool fails = messages[0]->attempt == 1 && messages[0]->offset % 7 == 0;
        rest.verdict = fails ? GANTRY_RETRY : GANTRY_OK;
        const std::lock_guard lock{mutex};
        if (!fails) done.insert(messages[0]->offset);
      },
      impatient());
  fake->route->start();
  fake->produce(0, keys(3000, 60));
  fake->assign({0});
  for (int rebalance = 0; rebalance < 30; ++rebalance) {
    if (rebalance % 3 != 0) fake->commit(fake->route->drain(seconds{5}));
    fake->route->revoked();
    fake->assign({0});
  }
  EXPECT_TRUE(eventually([&] { return fake->all_committed(); }));
  EXPECT_EQ(done.size(), 3000u);
  fake->route->revoked();
  EXPECT_TRUE(fake->route->stop(seconds{30}));
  EXPECT_EQ(fetched_records().held(), 0u);
}

// Handles a partition of which one key is parked, and counts how often each offset was handled.
class ParkedKey {
 public:
  ParkedKey() {
    config::Route config = make_route();
    config.retry.backoff = seconds{600};
    fake_ = std::make_unique<FakeRoute>(
        kBatches, 3,
        [this](FakeRoute::Messages messages, gantry_outcome& rest) {
          const std::lock_guard lock{mutex_};
          for (const auto* message : messages) ++calls_[message->offset];
          if (messages[0]->offset == 0 && fails_) rest.verdict = GANTRY_RETRY;
        },
        config);
    fake_->route->start();
    fake_->produce(0, {"parked"});
    fake_->assign({0});
    EXPECT_TRUE(eventually([&] { return handled() == 1; }));
    fake_->produce(0, keys(1000, 1000));
    EXPECT_TRUE(eventually([&] { return handled() == 1001; }));
    fake_->commit(fake_->route->drain(seconds{30}));
    EXPECT_EQ(fake_->committed(0), 0);
    fake_->route->revoked();
    fails_ = false;
  }
  ~ParkedKey() {
    fake_->route->revoked();
    EXPECT_TRUE(fake_->route->stop(seconds{30}));
    EXPECT_EQ(fetched_records().held(), 0u);
  }
  FakeRoute& fake() { return *fake_; }
  int handled() {
    const std::lock_guard lock{mutex_};
    int all = 0;
    for (const auto& [offset, count] : calls_) all += count;
    return all;
  }

 private:
  std::mutex mutex_;
  std::map<std::int64_t, int> calls_;
  std::atomic<bool> fails_{true};
  std::unique_ptr<FakeRoute> fake_;
};

TEST(RouteThreads, what_was_committed_as_settled_is_not_handled_by_the_next_assignment) {
  ParkedKey parked;
  parked.fake().assign({0});
  EXPECT_TRUE(eventually([&] { return parked.fake().all_committed(); }));
  EXPECT_EQ(parked.handled(), 1002) << "the parked message alone comes again";
}

TEST(RouteThreads, metadata_of_another_program_is_not_trusted) {
  ParkedKey parked;
  parked.fake().write_metadata(0, "gantry:1:12345678:ABC");
  parked.fake().assign({0});
  EXPECT_TRUE(eventually([&] { return parked.fake().all_committed(); }));
  EXPECT_EQ(parked.handled(), 2002);
}

}  // namespace
}  // namespace gantry::route
