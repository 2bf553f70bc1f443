// Handlers that do not return, and the end of a route.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <mutex>
#include <thread>

#include "unit/route/fake_route.hpp"

namespace gantry::route {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::Contains;

// A route whose handler waits at a gate with the messages of key "slow".
class SlowHandler {
 public:
  explicit SlowHandler(int lanes, config::Route config = make_route())
      : fake{std::make_unique<FakeRoute>(
            kOneByOne, lanes,
            [this](FakeRoute::Messages messages, gantry_outcome&) { handle(*messages[0]); },
            std::move(config))} {}

  void handle(const gantry_message& message) {
    const std::string_view key{reinterpret_cast<const char*>(message.key.data), message.key.size};
    ++begun;
    if (key == "slow") {
      slot = message.slot;
      gate.wait();
      // Whatever became of its assignment, the message is still there.
      EXPECT_EQ(std::string(message.topic.data, message.topic.size), "trace-topic");
      EXPECT_EQ(message.value.data[0], 'v');
    }
    ++done;
  }
  void start(const std::vector<std::string>& keys) {
    fake->route->start();
    fake->produce(0, keys);
    fake->assign({0});
  }
  void end() {
    gate.open();
    fake->route->revoked();
    EXPECT_TRUE(fake->route->stop(seconds{30}));
  }

  Gate gate;
  std::atomic<gantry_slot> slot{0};
  std::atomic<int> begun{0};
  std::atomic<int> done{0};
  std::unique_ptr<FakeRoute> fake;
};

std::vector<std::string> slow_and_others(int others) {
  std::vector<std::string> keys{"slow", "slow"};
  for (int i = 0; i < others; ++i) keys.push_back("other" + std::to_string(i % 20));
  return keys;
}

TEST(Hanging, one_call_delays_neither_other_keys_nor_other_lanes) {
  SlowHandler slow{2};
  slow.start(slow_and_others(500));
  EXPECT_TRUE(eventually([&] { return slow.done == 500 && slow.gate.waiting() == 1; }));
  slow.gate.open();
  EXPECT_TRUE(eventually([&] { return slow.fake->all_committed(); }));
  EXPECT_EQ(slow.done, 502);
  slow.end();
}

TEST(Hanging, a_call_past_its_deadline_is_cancelled_and_reported) {
  config::Route config = make_route();
  config.handler_deadline = milliseconds{100};
  SlowHandler slow{2, config};
  slow.start({"slow"});
  EXPECT_TRUE(eventually([&] { return slow.fake->cancelled().contains(slow.slot); }));
  EXPECT_TRUE(eventually([&] { return slow.fake->state() == "stuck"; }));
  slow.gate.open();
  EXPECT_TRUE(eventually([&] { return slow.fake->state() == "running"; }));
  slow.end();
}

TEST(Hanging, stop_does_not_wait_for_a_handler_that_never_returns) {
  auto slow = std::make_unique<SlowHandler>(2);
  slow->start(slow_and_others(10));
  // The one that will hang has begun: what a lane has only taken is never begun after stop().
  EXPECT_TRUE(eventually([&] { return slow->done == 10 && slow->gate.waiting() == 1; }));
  slow->fake->route->revoked();
  EXPECT_FALSE(slow->fake->route->stop(milliseconds{50}));
  slow->gate.open();
  // Its thread may come back at any time; it finds everything as it left it.
  EXPECT_TRUE(eventually([&] { return slow->gate.waiting() == 0 && slow->done == 11; }));
  leave_alone(std::move(slow->fake));
  [[maybe_unused]] static SlowHandler* kept = slow.release();
}

TEST(Hanging, stop_does_not_wait_for_a_cancel_that_never_returns) {
  config::Route config = make_route();
  config.handler_deadline = milliseconds{50};
  auto slow = std::make_unique<SlowHandler>(1, config);
  const auto cancels = std::make_shared<Gate>();
  slow->fake->on_cancel = [cancels](gantry_slot) { cancels->wait(); };
  slow->start({"slow"});
  EXPECT_TRUE(eventually([&] { return cancels->waiting() == 1; }));
  slow->gate.open();
  EXPECT_TRUE(eventually([&] { return slow->fake->all_committed(); }));
  slow->fake->route->revoked();
  EXPECT_FALSE(slow->fake->route->stop(milliseconds{50}));
  leave_alone(std::move(slow->fake));
  [[maybe_unused]] static SlowHandler* kept = slow.release();
}

TEST(Drain, waits_for_what_is_in_flight_and_names_what_to_commit) {
  SlowHandler slow{1};
  slow.start({"slow", "other"});
  EXPECT_TRUE(eventually([&] { return slow.gate.waiting() == 1; }));
  auto drained =
      std::async(std::launch::async, [&] { return slow.fake->route->drain(seconds{60}); });
  slow.gate.open();
  const auto offsets = drained.get();
  ASSERT_EQ(offsets.size(), 1u);
  EXPECT_EQ(offsets[0].offset, slow.done);
  slow.end();
}

TEST(Drain, gives_up_at_its_deadline) {
  SlowHandler slow{1};
  slow.start({"slow"});
  EXPECT_TRUE(eventually([&] { return slow.gate.waiting() == 1; }));
  EXPECT_TRUE(slow.fake->route->drain(milliseconds{20}).empty());
  slow.end();
}

TEST(Drain, hands_out_nothing_until_the_next_assignment) {
  SlowHandler slow{2};
  slow.start({"other"});
  EXPECT_TRUE(eventually([&] { return slow.fake->all_committed(); }));
  slow.fake->route->drain(seconds{10});
  slow.fake->produce(0, {"late"});
  EXPECT_FALSE(eventually([&] { return slow.begun == 2; }, milliseconds{50}));
  slow.fake->route->revoked();
  slow.fake->assign({0});
  EXPECT_TRUE(eventually([&] { return slow.fake->all_committed(); }));
  slow.end();
}

TEST(Quiesce, nothing_starts_after_it_even_if_partitions_are_assigned_once_more) {
  SlowHandler slow{2};
  slow.start({"other"});
  EXPECT_TRUE(eventually([&] { return slow.fake->all_committed(); }));
  slow.fake->route->quiesce(seconds{10});
  slow.fake->route->revoked();
  slow.fake->produce(0, {"late"});
  slow.fake->assign({0});
  EXPECT_FALSE(eventually([&] { return slow.begun == 2; }, milliseconds{50}));
  slow.end();
}

TEST(Revoke, what_a_lane_has_not_begun_is_never_begun) {
  SlowHandler slow{1};
  slow.start(std::vector<std::string>(40, "fast"));  // teaches the lane to take many at once
  EXPECT_TRUE(eventually([&] { return slow.done == 40; }));
  EXPECT_TRUE(eventually([&] { return slow.fake->all_committed(); }));
  slow.fake->produce(0, slow_and_others(30));
  EXPECT_TRUE(eventually([&] { return slow.gate.waiting() == 1; }));
  slow.fake->route->revoked();
  const int begun = slow.begun;
  slow.fake->assign({});  // the host lives on, but these records are another's
  slow.gate.open();
  EXPECT_TRUE(eventually([&] { return slow.done == begun; }));
  EXPECT_TRUE(slow.fake->route->drain(seconds{10}).empty());
  EXPECT_EQ(slow.begun, begun);
  slow.end();
}

TEST(Revoke, tells_the_handler_that_still_works_on_what_was_taken_away) {
  SlowHandler slow{1};
  slow.start({"slow"});
  EXPECT_TRUE(eventually([&] { return slow.gate.waiting() == 1; }));
  slow.fake->route->revoked();
  EXPECT_TRUE(eventually([&] { return slow.fake->cancelled().contains(slow.slot); }));
  slow.end();
}

TEST(Revoke, leaves_the_message_to_the_handler_that_has_it) {
  SlowHandler slow{1};
  slow.start({"slow"});
  EXPECT_TRUE(eventually([&] { return slow.gate.waiting() == 1; }));
  slow.fake->route->revoked();
  EXPECT_EQ(fetched_records().held(), 1u);
  slow.gate.open();
  EXPECT_TRUE(eventually([&] { return fetched_records().held() == 0; }));
  slow.end();
}

TEST(Stop, destroys_every_instance) {
  SlowHandler slow{3};
  EXPECT_EQ(slow.fake->instances(), 3);
  slow.start({"other"});
  slow.end();
  EXPECT_EQ(slow.fake->instances(), 0);
}

TEST(Stop, of_a_route_that_never_started_ends_at_once) {
  SlowHandler slow{3};
  EXPECT_TRUE(slow.fake->route->stop(seconds{30}));
  EXPECT_EQ(slow.fake->instances(), 0);
}

}  // namespace
}  // namespace gantry::route
