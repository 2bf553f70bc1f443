// Coupons of a limited stock, asked for by more than can have one, of two hosts at once, also when
// one of them dies.
#include <gmock/gmock.h>

#include <map>
#include <mutex>
#include <set>

#include "shop.hpp"

namespace gantry::test {
namespace {

constexpr int kRequests = 1000;
constexpr int kUsers = 400;
constexpr int kStock = 100;
constexpr std::int64_t kCoupon = 5;

class Coupons : public Shop {
 protected:
  void SetUp() override {
    open();
    configure(other_files_, "other-" + run);
    create_coupon(kCoupon, kStock);
    host_.emplace(files);
    other_.emplace(other_files_);
    host_->wait_until_ready();
    other_->wait_until_ready();
  }
  // Every user asks until somebody answers, as a client of a shop does.
  void ask_for_all() {
    at_once(kRequests, 40, [&](int number) {
      const std::int64_t user = number % kUsers + 1;
      HttpAnswer answer;
      for (std::uint16_t port = http_port(number % 2 == 0 ? files : other_files_);
           answer.status == 0 || answer.status == 503;
           port = port == http_port(files) ? http_port(other_files_) : http_port(files))
        answer = ask_for_coupon(kCoupon, user, port);
      const std::lock_guard lock{mutex_};
      ++answers_[answer.status];
      if (answer.status == 202 || answer.status == 200) winners_.insert(user);
      if (answer.status == 409) {
        EXPECT_THAT(answer.body, ::testing::HasSubstr("sold-out"));
        losers_.insert(user);
      }
    });
  }
  void expect_the_stock_given_out_exactly() {
    wait_until_settled();
    const std::string of = " WHERE coupon_id = " + std::to_string(kCoupon);
    EXPECT_EQ(database.count("coupons" + of), kStock);
    EXPECT_EQ(database.value<int>("SELECT count(DISTINCT user_id) FROM coupons" + of), kStock);
    EXPECT_EQ(database.count("coupon_requests" + of), kStock);
    EXPECT_EQ(database.value<int>("SELECT remaining FROM coupon_types" + of), 0);
    EXPECT_EQ(winners_.size(), static_cast<std::size_t>(kStock));
    for (const std::int64_t user : losers_) EXPECT_FALSE(winners_.contains(user)) << user;
    EXPECT_EQ(winners_.size() + losers_.size(), static_cast<std::size_t>(kUsers));
    EXPECT_EQ(answers_[200] + answers_[202] + answers_[409], kRequests);
    EXPECT_TRUE(dead_letters().empty());
  }

  ConfigFiles other_files_;
  std::optional<HostProcess> host_;
  std::optional<HostProcess> other_;
  std::mutex mutex_;
  std::map<int, int> answers_;
  std::set<std::int64_t> winners_, losers_;
};

TEST_F(Coupons, a_thousand_requests_of_four_hundred_users_for_a_hundred_over_two_hosts) {
  ask_for_all();
  EXPECT_EQ(answers_[202], kStock);
  expect_the_stock_given_out_exactly();
}

TEST_F(Coupons, the_same_while_one_host_is_killed_in_the_middle) {
  std::thread killer([&] {
    eventually([&] { return database.count("coupon_requests") > 10; }, 60s, "requests under way");
    other_->kill9();
  });
  ask_for_all();
  killer.join();
  other_.emplace(other_files_);
  expect_the_stock_given_out_exactly();
}

}  // namespace
}  // namespace gantry::test
