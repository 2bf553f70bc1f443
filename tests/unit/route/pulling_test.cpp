// How records come to lanes: who takes them out of the client's queues, how many, and which lane
// is woken for them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "unit/route/fake_route.hpp"

namespace gantry::route {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

std::string key_of(const gantry_message& message) {
  return {reinterpret_cast<const char*>(message.key.data), message.key.size};
}

std::vector<std::string> keys(const std::string& name, int count) {
  std::vector<std::string> all;
  for (int i = 0; i < count; ++i) all.push_back(name + std::to_string(i));
  return all;
}

// A handler that is quick with all but some keys: enough of it, and its lanes are known for it.
class Pulling : public testing::Test {
 protected:
  void start(int lanes, const std::function<void(const std::string& key)>& handle) {
    fake_ = std::make_unique<FakeRoute>(
        kOneByOne, lanes, [this, handle](FakeRoute::Messages messages, gantry_outcome&) {
          const std::string key = key_of(*messages[0]);
          if (key.starts_with("slow")) handle(key);
          ++done_;
        });
    fake_->route->start();
    fake_->assign({0, 1});
  }
  void make_quick() {
    for (const int partition : {0, 1}) fake_->produce(partition, keys("quick", 20'000));
    ASSERT_TRUE(eventually([this] { return fake_->all_committed(); }));
    done_ = 0;
  }
  void TearDown() override {
    gate_.open();
    EXPECT_TRUE(eventually([this] { return fake_->all_committed(); }));
    fake_->route->revoked();
    EXPECT_TRUE(fake_->route->stop(seconds{30}));
  }

  Gate gate_;
  std::atomic<int> done_{0};
  std::unique_ptr<FakeRoute> fake_;
};

TEST_F(Pulling, leaves_in_the_client_what_no_lane_has_room_for) {
  start(2, [this](const std::string&) { gate_.wait(); });
  fake_->produce(0, keys("slow", 10'000));
  ASSERT_TRUE(eventually([this] { return gate_.waiting() == 2; }));
  EXPECT_LE(fetched_records().held(), 512u);
}

TEST_F(Pulling, goes_on_beside_a_handler_that_was_quick_and_hangs) {
  start(3, [this](const std::string&) { gate_.wait(); });
  make_quick();
  fake_->produce(0, {"slow"});
  ASSERT_TRUE(eventually([this] { return gate_.waiting() == 1; }));
  for (const int partition : {0, 1}) fake_->produce(partition, keys("other", 500));
  EXPECT_TRUE(eventually([this] { return done_ == 1000; }));
}

TEST(PullingWhileUnavailable, brings_other_keys_to_probe_with) {
  std::atomic<bool> mended{false};
  std::atomic<int> refused{0};
  std::atomic<int> done{0};
  FakeRoute fake(kOneByOne, 1, [&](FakeRoute::Messages messages, gantry_outcome& rest) {
    if (key_of(*messages[0]).starts_with("bad") && !mended) {
      ++refused;
      rest.verdict = GANTRY_UNAVAILABLE;
    } else {
      ++done;
    }
  });
  fake.route->start();
  fake.assign({0, 1});
  fake.produce(0, {"bad", "bad too"});
  EXPECT_TRUE(eventually([&] { return refused > 0; }));
  fake.produce(0, keys("other", 20));
  EXPECT_TRUE(eventually([&] { return done == 20; }));
  mended = true;
  EXPECT_TRUE(eventually([&] { return fake.all_committed(); }));
  fake.route->revoked();
  EXPECT_TRUE(fake.route->stop(seconds{30}));
}

TEST_F(Pulling, spreads_over_the_lanes_where_a_handler_is_quick_no_more) {
  std::atomic<int> at_once{0};
  std::atomic<int> most{0};
  start(4, [&](const std::string&) {
    most = std::max<int>(most, ++at_once);
    std::this_thread::sleep_for(milliseconds{5});
    --at_once;
  });
  make_quick();
  fake_->produce(0, keys("slow", 400));
  EXPECT_TRUE(eventually([this] { return done_ == 400; }));
  EXPECT_EQ(most, 4);
}

TEST(EndedQueue, holds_for_a_partition_of_which_nothing_more_comes_and_goes_on_with_the_others) {
  FakeRoute fake(kOneByOne, 2, [](FakeRoute::Messages, gantry_outcome&) {});
  fake.route->start();
  fake.assign({0, 1});
  fake.end(1, "damaged");
  EXPECT_TRUE(eventually([&] { return fake.state() == "holding"; }));
  fake.produce(0, keys("one", 10));
  fake.produce(1, keys("other", 10));
  EXPECT_TRUE(eventually([&] {
    fake.commit(fake.route->committable());
    return fake.committed(0) == 10;
  }));
  EXPECT_EQ(fake.committed(1), 0);
  fake.route->revoked();
  fake.assign({0});
  EXPECT_TRUE(eventually([&] { return fake.state() == "running"; }));
  fake.route->revoked();
  EXPECT_TRUE(fake.route->stop(seconds{30}));
}

TEST(Stopping, ends_lanes_that_are_at_the_queues_meanwhile) {
  for (int i = 0; i < 300; ++i) {
    FakeRoute fake(kOneByOne, 3, [](FakeRoute::Messages, gantry_outcome&) {});
    fake.route->start();
    fake.assign({0, 1});
    const std::jthread client([&] {
      for (int word = 0; word < 20; ++word) fake.route->wake();
    });
    fake.route->revoked();
    ASSERT_TRUE(fake.route->stop(seconds{30})) << "the " << i << "th time";
  }
}

TEST_F(Pulling, wakes_the_lane_that_was_the_last_to_wait) {
  std::mutex mutex;
  std::map<std::thread::id, int> messages_of;
  start(8, [&](const std::string&) {
    const std::lock_guard lock{mutex};
    ++messages_of[std::this_thread::get_id()];
  });
  for (int i = 0; i < 50; ++i) {
    fake_->produce(0, {"slow"});
    ASSERT_TRUE(eventually([&] { return fake_->all_committed(); }));
  }
  const std::lock_guard lock{mutex};
  int most = 0;
  for (const auto& [lane, messages] : messages_of) most = std::max(most, messages);
  // Not all: a lane may still be on its way to where it waits. In turn each would have had six.
  EXPECT_GE(most, 25);
}

}  // namespace
}  // namespace gantry::route
