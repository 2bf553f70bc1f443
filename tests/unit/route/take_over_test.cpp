// One route takes another one's place in its group: what that one has settled is not handled again,
// whatever its last commit had room for.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <mutex>

#include "unit/route/fake_route.hpp"

namespace gantry::route {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::ElementsAre;

TEST(Unite, joins_what_touches_and_keeps_the_rest_apart) {
  EXPECT_THAT(unite({{1, 3}, {10, 12}}, {{3, 5}, {20, 21}}),
              ElementsAre(OffsetRange{1, 5}, OffsetRange{10, 12}, OffsetRange{20, 21}));
  EXPECT_THAT(unite({{1, 10}}, {{2, 3}, {4, 4}}), ElementsAre(OffsetRange{1, 10}));
  EXPECT_THAT(unite({}, {}), ElementsAre());
}

class TakeOver : public testing::Test {
 protected:
  static constexpr int kMessages =
      9000;  // with half of them parked, more than a commit has room for

  std::unique_ptr<FakeRoute> make() {
    config::Route config = make_route();
    config.retry.backoff = seconds{600};
    config.order = config::Order::none;
    auto fake = std::make_unique<FakeRoute>(
        kOneByOne, 2,
        [this](FakeRoute::Messages messages, gantry_outcome& rest) {
          const std::lock_guard lock{mutex_};
          ++calls_[messages[0]->offset];
          if (messages[0]->offset % 2 == 0 && fails_) rest.verdict = GANTRY_RETRY;
        },
        config);
    fake->produce(0, std::vector<std::string>(kMessages, "key"));
    return fake;
  }
  int calls() {
    const std::lock_guard lock{mutex_};
    int all = 0;
    for (const auto& [offset, count] : calls_) all += count;
    return all;
  }
  // As a consumer does it that closes.
  static std::vector<Offset> end(FakeRoute& fake) {
    fake.route->quiesce(seconds{60});
    fake.commit(fake.route->drain(seconds{60}));
    fake.route->revoked();
    return fake.route->settled();
  }
  int most_calls() {
    const std::lock_guard lock{mutex_};
    return std::ranges::max_element(calls_, {}, [](const auto& one) { return one.second; })->second;
  }

  std::mutex mutex_;
  std::map<std::int64_t, int> calls_;
  bool fails_ = true;
};

TEST_F(TakeOver, more_than_the_commit_took_along_is_not_handled_again) {
  auto first = make();
  first->route->start();
  first->assign({0});
  ASSERT_TRUE(eventually([&] { return calls() == kMessages; }));
  std::vector<Offset> settled = end(*first);
  EXPECT_TRUE(first->route->stop(seconds{30}));

  fails_ = false;
  auto second = make();
  second->route->take_over(std::move(settled));
  second->route->start();
  second->assign({0});
  EXPECT_TRUE(eventually([&] { return second->all_committed(); }));
  EXPECT_EQ(calls(), kMessages + kMessages / 2) << "the parked ones alone come again";
  EXPECT_EQ(most_calls(), 2);
  end(*second);
  EXPECT_TRUE(second->route->stop(seconds{30}));
}

TEST_F(TakeOver, what_stands_below_a_commit_that_failed_is_not_handled_again) {
  fails_ = false;
  auto first = make();
  first->route->start();
  first->assign({0});
  ASSERT_TRUE(eventually([&] { return calls() == kMessages; }));
  std::vector<Offset> settled = end(*first);
  EXPECT_TRUE(first->route->stop(seconds{30}));

  auto second = make();  // which finds no committed offset
  second->route->take_over(std::move(settled));
  second->route->start();
  second->assign({0});
  EXPECT_TRUE(eventually([&] { return second->all_committed(); }));
  EXPECT_EQ(calls(), kMessages);
  end(*second);
  EXPECT_TRUE(second->route->stop(seconds{30}));
}

}  // namespace
}  // namespace gantry::route
