// Several hosts with several lanes each, after the same coupons at the same time.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <mutex>
#include <random>
#include <thread>

#include "coupon_fixture.hpp"

namespace coupons::testing {
namespace {

class CouponsTogetherTest : public CouponFixture {
 protected:
  CouponsTogetherTest() {
    for (FakeHost* host : {&host_, &other_}) {
      configure(*host);
      host->as_http_route();
    }
  }

  // Delivers the requests in batches of up to `batch` on four threads, two lanes of each host.
  void deliver(const std::vector<Input>& requests, std::size_t batch) {
    host_.start(2);
    other_.start(2);
    std::atomic<std::size_t> next = 0;
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < 4; ++i) {
      threads.emplace_back([&, i] {
        FakeHost& host = i < 2 ? host_ : other_;
        for (std::size_t at = next.fetch_add(batch); at < requests.size();
             at = next.fetch_add(batch)) {
          const auto begin = requests.begin() + static_cast<std::ptrdiff_t>(at);
          const auto end =
              requests.begin() + static_cast<std::ptrdiff_t>(std::min(at + batch, requests.size()));
          for (const auto& result : host.deliver(std::vector<Input>(begin, end), i % 2)) {
            const std::lock_guard lock(mutex_);
            ++answers_[result.is_ok() ? host.reply(result.slot)->status : 0];
          }
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
  }

  FakeHost host_{gantry_plugin_v1, "coupon-request"};
  FakeHost other_{gantry_plugin_v1, "coupon-request"};
  std::mutex mutex_;
  std::map<int, int> answers_;  // by status
};

class CouponsTogetherBatchTest : public CouponsTogetherTest,
                                 public ::testing::WithParamInterface<std::size_t> {};

TEST_P(CouponsTogetherBatchTest, a_stock_of_100_is_100_coupons_for_100_of_400_users) {
  add_type(1, 100);
  std::vector<Input> requests;
  for (int i = 0; i < 1000; ++i) requests.push_back(http_request(1, 1 + i % 400));
  std::shuffle(requests.begin(), requests.end(), std::mt19937(41));
  deliver(requests, GetParam());
  EXPECT_EQ(answers_[202], 100);
  EXPECT_EQ(answers_[202] + answers_[200] + answers_[409], 1000);
  EXPECT_EQ(remaining(1), 0);
  EXPECT_EQ(database_.value<std::string>(
                "SELECT concat_ws(' ', count(*), count(DISTINCT user_id), min(number), "
                "max(number)) FROM coupon_requests"),
            "100 100 1 100");

  FakeHost issue(gantry_plugin_v1, "coupon-issue");
  configure(issue);
  for (const auto& result : issue.deliver(outbox())) EXPECT_TRUE(result.is_ok()) << result.reason;
  EXPECT_EQ(database_.count("coupons"), 100);
}
INSTANTIATE_TEST_SUITE_P(Batches, CouponsTogetherBatchTest, ::testing::Values(1, 7, 250),
                         ::testing::PrintToStringParamName());

TEST_F(CouponsTogetherTest, batches_over_several_coupons_do_not_lock_each_other_out) {
  for (int id = 1; id <= 20; ++id) add_type(id, 50);
  std::vector<Input> requests;
  for (int i = 0; i < 4000; ++i) requests.push_back(http_request(1 + i % 20, 1 + i / 20));
  std::shuffle(requests.begin(), requests.end(), std::mt19937(42));
  deliver(requests, 100);
  EXPECT_EQ(answers_[0], 0);
  EXPECT_EQ(answers_[202], 20 * 50);
  EXPECT_EQ(answers_[409], 4000 - 20 * 50);
  EXPECT_EQ(database_.value<int>("SELECT sum(remaining) FROM coupon_types"), 0);
  EXPECT_EQ(database_.count("gantry_outbox"), 20 * 50);
}

}  // namespace
}  // namespace coupons::testing
