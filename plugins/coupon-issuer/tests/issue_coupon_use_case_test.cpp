// The domain alone, over a stock in memory.
#include <gtest/gtest.h>

#include <algorithm>
#include <coupons/issue_coupon_use_case.hpp>
#include <map>
#include <utility>

namespace coupons {
namespace {

class Stock final : public CouponStock {
 public:
  std::vector<CouponType> lock(std::span<const std::int64_t> coupon_ids) override {
    locked.clear();
    for (const std::int64_t id : coupon_ids) {
      if (types.contains(id) && types[id].available()) locked.push_back(id);
    }
    if (meanwhile) std::exchange(meanwhile, nullptr)(*this);
    std::vector<CouponType> found;
    for (const std::int64_t id : coupon_ids) {
      if (!types.contains(id)) continue;
      found.push_back(types[id]);
      found.back().locked = std::count(locked.begin(), locked.end(), id) > 0;
    }
    return found;
  }
  std::vector<KnownRequest> known(std::span<const CouponRequest> requests) override {
    std::vector<KnownRequest> all;
    for (std::size_t i = 0; i < requests.size(); ++i) {
      const auto mine = taken.find({requests[i].coupon_id, requests[i].user_id});
      if (mine != taken.end()) all.push_back({i, mine->second, "ISSUED"});
    }
    return all;
  }
  void take(std::span<const Allotment> allotments) override {
    for (const Allotment& one : allotments) {
      ASSERT_TRUE(taken.emplace(std::pair{one.coupon_id, one.user_id}, one.number).second);
      ASSERT_GT(types[one.coupon_id].remaining--, 0);
    }
  }
  Instant now() override { return Instant(std::chrono::hours(1)); }

  std::map<std::int64_t, CouponType> types;
  std::map<std::pair<std::int64_t, std::int64_t>, std::int64_t> taken;
  std::vector<std::int64_t> locked;
  void (*meanwhile)(Stock&) = nullptr;  // what another does before the lock is ours
};

class IssueCouponUseCaseTest : public ::testing::Test {
 protected:
  IssueCouponUseCaseTest() {
    stock_.types = {{1, {1, 2, 2, true}}, {2, {2, 100, 100, true}}, {3, {3, 5, 5, false}}};
  }
  std::vector<Decision> decisions(const std::vector<CouponRequest>& requests) {
    issue_ = IssueCouponUseCase().issue(requests, stock_);
    std::vector<Decision> all;
    for (const Answer& answer : issue_.answers) all.push_back(answer.decision);
    return all;
  }
  Stock stock_;
  Issue issue_;
};

TEST_F(IssueCouponUseCaseTest, gives_what_is_there_and_refuses_the_rest) {
  EXPECT_EQ(decisions({{1, 7}, {1, 8}, {1, 9}}),
            (std::vector{Decision::accepted, Decision::accepted, Decision::sold_out}));
  EXPECT_EQ(issue_.answers[0].number, 1);
  EXPECT_EQ(issue_.answers[1].number, 2);
  EXPECT_EQ(stock_.types[1].remaining, 0);
}

TEST_F(IssueCouponUseCaseTest, tells_of_each_coupon_it_gave_and_of_no_other) {
  decisions({{3, 7}, {1, 7}, {1, 7}, {1, 8}, {1, 9}});
  ASSERT_EQ(issue_.events.size(), 2u);
  EXPECT_EQ(issue_.events[0].place, 1u);
  EXPECT_EQ(issue_.events[1].place, 3u);
  EXPECT_EQ(issue_.events[1].event.user_id, 8);
  EXPECT_EQ(issue_.events[1].event.number, 2);
  EXPECT_EQ(issue_.events[1].event.occurred_at, stock_.now());
}

TEST_F(IssueCouponUseCaseTest, gives_a_user_one_and_tells_the_same_number_again) {
  EXPECT_EQ(decisions({{1, 7}, {1, 7}}), (std::vector{Decision::accepted, Decision::repeated}));
  EXPECT_EQ(issue_.answers[1].number, 1);
  EXPECT_EQ(issue_.answers[1].state, "QUEUED");
  EXPECT_EQ(decisions({{1, 7}}), std::vector{Decision::repeated});
  EXPECT_EQ(issue_.answers[0].state, "ISSUED");
}

TEST_F(IssueCouponUseCaseTest, answers_a_repeat_also_when_all_is_gone_or_closed) {
  decisions({{1, 7}, {1, 8}});
  EXPECT_EQ(decisions({{1, 9}, {1, 8}}), (std::vector{Decision::sold_out, Decision::repeated}));
  stock_.types[1].open = false;
  EXPECT_EQ(decisions({{1, 9}, {1, 8}}), (std::vector{Decision::not_open, Decision::repeated}));
}

TEST_F(IssueCouponUseCaseTest, knows_closed_and_unknown_coupons) {
  EXPECT_EQ(decisions({{3, 7}, {99, 7}}),
            (std::vector{Decision::not_open, Decision::unknown_coupon}));
}

TEST_F(IssueCouponUseCaseTest, keeps_coupons_apart) {
  EXPECT_EQ(decisions({{2, 7}, {1, 7}, {2, 8}, {1, 8}, {1, 9}, {2, 9}}),
            (std::vector{Decision::accepted, Decision::accepted, Decision::accepted,
                         Decision::accepted, Decision::sold_out, Decision::accepted}));
  EXPECT_EQ(issue_.answers[5].number, 3);
}

TEST_F(IssueCouponUseCaseTest, locks_in_the_order_of_ids_what_something_can_be_taken_of) {
  decisions({{3, 7}, {2, 7}, {99, 7}, {1, 7}, {2, 8}});
  EXPECT_EQ(stock_.locked, (std::vector<std::int64_t>{1, 2}));
}

TEST_F(IssueCouponUseCaseTest, locks_nothing_where_nothing_can_be_taken) {
  stock_.types[1].remaining = 0;
  decisions({{1, 7}, {3, 7}});
  EXPECT_TRUE(stock_.locked.empty());
}

TEST_F(IssueCouponUseCaseTest, takes_of_what_became_available_meanwhile_only_under_a_lock) {
  stock_.types[1].remaining = 0;
  stock_.meanwhile = [](Stock& stock) { stock.types[1].remaining = 1; };
  EXPECT_EQ(decisions({{1, 7}, {1, 8}}), (std::vector{Decision::accepted, Decision::sold_out}));
  EXPECT_EQ(stock_.locked, std::vector<std::int64_t>{1});
}

TEST_F(IssueCouponUseCaseTest, counts_what_others_took_before_the_lock) {
  stock_.meanwhile = [](Stock& stock) {
    stock.types[1].remaining = 1;
    stock.taken[{1, 7}] = 1;
  };
  EXPECT_EQ(decisions({{1, 7}, {1, 8}, {1, 9}}),
            (std::vector{Decision::repeated, Decision::accepted, Decision::sold_out}));
  EXPECT_EQ(issue_.answers[1].number, 2);
}

TEST_F(IssueCouponUseCaseTest, of_nothing_is_nothing) {
  EXPECT_TRUE(decisions({}).empty());
  EXPECT_TRUE(issue_.events.empty());
}

}  // namespace
}  // namespace coupons
