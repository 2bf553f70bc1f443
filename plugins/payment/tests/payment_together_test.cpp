// Several hosts with several lanes each, on the same orders at the same time.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <thread>

#include "payment_fixture.hpp"

namespace payments::testing {
namespace {

class PaymentsTogetherTest : public PaymentFixture {
 protected:
  PaymentsTogetherTest() { configure(other_); }

  // Runs work(host, lane, number) on four threads, two lanes of each host.
  template <class Work>
  void together(Work work) {
    host_.start(2);
    other_.start(2);
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < 4; ++i) {
      threads.emplace_back([&, i] { work(i < 2 ? host_ : other_, i % 2, i); });
    }
    for (std::thread& thread : threads) thread.join();
  }
  FakeHost other_{gantry_plugin_v1, "payment"};
};

TEST_F(PaymentsTogetherTest, fifty_identical_requests_are_one_payment_with_one_answer) {
  add_order(41);
  std::mutex mutex;
  std::multiset<std::string> answers;
  together([&](FakeHost& host, std::size_t lane, std::size_t number) {
    for (int i = 0; i < (number < 2 ? 13 : 12); ++i) {
      const auto result = host.deliver(request(41), lane);
      const std::lock_guard lock(mutex);
      answers.insert(result.is_ok() ? host.reply(result.slot)->body : result.reason);
    }
  });
  EXPECT_EQ(answers.size(), 50u);
  EXPECT_EQ(std::set(answers.begin(), answers.end()).size(), 1u) << *answers.rbegin();
  EXPECT_EQ(answers.begin()->rfind("{\"orderId\":41", 0), 0u) << *answers.begin();
  EXPECT_EQ(database_.count("gantry_outbox"), 1);
}

// Batches that meet the same orders from both ends, of which every second is yet to be made.
TEST_F(PaymentsTogetherTest, batches_that_cross_do_not_lock_each_other_out) {
  host_.set("create_unknown_orders", true);
  other_.set("create_unknown_orders", true);
  constexpr int orders = 400;
  database_.execute(
      "INSERT INTO orders (order_id, user_id, amount, currency) "
      "SELECT 2 * n, 7, 12000, 'KRW' FROM generate_series(1, 200) n");
  std::vector<Input> batch;
  for (int id = 1; id <= orders; ++id) batch.push_back(request(id));
  std::atomic<int> failed = 0;
  together([&](FakeHost& host, std::size_t lane, std::size_t number) {
    std::vector<Input> mine = batch;
    std::rotate(mine.begin(), mine.begin() + static_cast<long>(number) * 100, mine.end());
    if (number % 2 == 1) std::reverse(mine.begin(), mine.end());
    for (int times = 0; times < 3; ++times) {
      for (const auto& result : host.deliver(mine, lane)) failed += result.is_ok() ? 0 : 1;
    }
  });
  EXPECT_EQ(failed, 0);
  EXPECT_EQ(database_.value<int>("SELECT count(*) FROM orders WHERE status = 'PAID'"), orders);
  EXPECT_EQ(database_.count("gantry_outbox"), orders);
}

}  // namespace
}  // namespace payments::testing
