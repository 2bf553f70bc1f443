// A route that is paused: handlers keep what they have, everything else waits.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <future>

#include "unit/route/fake_route.hpp"

namespace gantry::route {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

std::string key_of(const gantry_message& message) {
  return {reinterpret_cast<const char*>(message.key.data), message.key.size};
}

// Messages of the key "slow" wait at a gate, those of "parked" fail once.
class PauseTest : public testing::TestWithParam<HandlerTraits> {
 protected:
  PauseTest() {
    config::Route config = make_route();
    config.retry.backoff = milliseconds{1};
    fake_ = std::make_unique<FakeRoute>(
        GetParam(), 2,
        [this](FakeRoute::Messages messages, gantry_outcome& rest) { handle(messages, rest); },
        config);
    fake_->route->start();
    fake_->assign({0});
  }
  ~PauseTest() override {
    gate_.open();
    fake_->commit(fake_->route->drain(seconds{30}));
    fake_->route->revoked();
    EXPECT_TRUE(fake_->route->stop(seconds{30}));
  }
  void handle(FakeRoute::Messages messages, gantry_outcome& rest) {
    for (const auto* message : messages) {
      ++begun_;
      if (key_of(*message) == "slow") gate_.wait();
      if (key_of(*message) == "parked" && message->attempt == 1) rest.verdict = GANTRY_RETRY;
    }
  }

  Gate gate_;
  std::atomic<int> begun_{0};
  std::unique_ptr<FakeRoute> fake_;
};

TEST_P(PauseTest, waits_for_what_a_handler_has) {
  fake_->produce(0, {"slow"});
  ASSERT_TRUE(eventually([&] { return gate_.waiting() == 1; }));
  auto paused = std::async(std::launch::async, [&] { return fake_->route->pause(seconds{60}); });
  ASSERT_TRUE(eventually([&] { return fake_->state() == "paused"; }));
  fake_->produce(0, {"a", "b", "c"});
  gate_.open();
  EXPECT_TRUE(paused.get());
  ASSERT_TRUE(eventually([&] { return fake_->route->numbers().status.ready == 3; }));
  EXPECT_EQ(begun_, 1);
  fake_->commit(fake_->route->committable());
  EXPECT_EQ(fake_->committed(0), 1);
  fake_->route->resume();
  EXPECT_TRUE(eventually([&] { return fake_->all_committed(); }));
  EXPECT_EQ(fake_->state(), "running");
}

TEST_P(PauseTest, says_so_where_a_handler_keeps_its_message) {
  fake_->produce(0, {"slow"});
  ASSERT_TRUE(eventually([&] { return gate_.waiting() == 1; }));
  EXPECT_FALSE(fake_->route->pause(milliseconds{1}));
  gate_.open();
  EXPECT_TRUE(fake_->route->pause(seconds{60}));
}

TEST_P(PauseTest, a_parked_key_waits) {
  EXPECT_TRUE(fake_->route->pause(seconds{60}));
  fake_->route->resume();
  fake_->produce(0, {"parked"});
  ASSERT_TRUE(eventually([&] { return begun_ >= 1; }));
  EXPECT_TRUE(fake_->route->pause(seconds{60}));
  const int before = begun_;
  fake_->produce(0, {"a"});
  ASSERT_TRUE(eventually([&] { return fake_->route->numbers().status.ready >= 1; }));
  EXPECT_EQ(begun_, before);
  fake_->route->resume();
  EXPECT_TRUE(eventually([&] { return fake_->all_committed(); }));
}

TEST_P(PauseTest, outlasts_an_assignment) {
  EXPECT_TRUE(fake_->route->pause(seconds{60}));
  fake_->route->drain(seconds{60});
  fake_->route->revoked();
  fake_->assign({0, 1});
  fake_->produce(1, {"a"});
  ASSERT_TRUE(eventually([&] { return fake_->route->numbers().status.ready == 1; }));
  EXPECT_EQ(fake_->state(), "paused");
  EXPECT_EQ(begun_, 0);
  fake_->route->resume();
  EXPECT_TRUE(eventually([&] { return fake_->all_committed(); }));
}

INSTANTIATE_TEST_SUITE_P(Handlers, PauseTest, testing::Values(kOneByOne, kBatches),
                         [](const auto& test) {
                           return test.param.max_batch == 1 ? "one_by_one" : "batches";
                         });

}  // namespace
}  // namespace gantry::route
