// The domain alone, over orders in memory.
#include <gtest/gtest.h>

#include <map>
#include <payments/payment_service.hpp>

namespace payments {
namespace {

class Orders final : public OrderRepository {
 public:
  void create_missing(std::span<const PaymentRequest> requests) override {
    for (const PaymentRequest& r : requests) {
      kept.try_emplace(r.order_id,
                       Order{r.order_id, r.user_id, r.amount, r.currency, Order::pending, {}});
    }
  }
  std::vector<Order> lock(std::span<const PaymentRequest> requests) override {
    std::map<std::int64_t, Order> found;
    for (const PaymentRequest& r : requests) {
      if (kept.contains(r.order_id)) found[r.order_id] = kept[r.order_id];
    }
    std::vector<Order> all;
    for (const auto& [id, order] : found) all.push_back(order);
    return all;
  }
  orders::Instant now() override { return orders::Instant(std::chrono::hours(1)); }
  void change_status(std::span<const Order> orders) override {
    for (const Order& order : orders) {
      kept[order.order_id] = order;
      ++changes;
    }
  }

  std::map<std::int64_t, Order> kept;
  int changes = 0;
};

class PaymentServiceTest : public ::testing::Test {
 protected:
  PaymentServiceTest() {
    for (std::int64_t id : {1, 2, 3}) orders_.kept[id] = {id, 7, 12000, "KRW", "PENDING", {}};
  }
  std::vector<Decision> pay(const std::vector<PaymentRequest>& requests, bool create = false) {
    std::vector<Decision> decisions;
    for (const Payment& payment : PaymentService(create).pay(requests, orders_)) {
      decisions.push_back(payment.decision);
    }
    return decisions;
  }
  static PaymentRequest request(std::int64_t order_id) { return {order_id, 7, 12000, "KRW", {}}; }
  Orders orders_;
};

TEST_F(PaymentServiceTest, makes_a_pending_order_paid) {
  EXPECT_EQ(pay({request(1)}), std::vector{Decision::paid});
  EXPECT_EQ(orders_.kept[1].status, "PAID");
  EXPECT_EQ(orders_.kept[1].paid_at, orders_.now());
}

TEST_F(PaymentServiceTest, pays_an_order_once_however_often_it_is_asked) {
  EXPECT_EQ(pay({request(1), request(1)}), (std::vector{Decision::paid, Decision::paid_already}));
  EXPECT_EQ(pay({request(1)}), std::vector{Decision::paid_already});
  EXPECT_EQ(orders_.changes, 1);
}

TEST_F(PaymentServiceTest, refuses_another_user_amount_or_currency) {
  EXPECT_EQ(pay({{1, 8, 12000, "KRW", {}}, {1, 7, 12001, "KRW", {}}, {1, 7, 12000, "USD", {}}}),
            (std::vector{Decision::other_user, Decision::other_amount, Decision::other_currency}));
  EXPECT_EQ(orders_.kept[1].status, "PENDING");
}

TEST_F(PaymentServiceTest, refuses_the_same_of_an_order_that_is_paid) {
  pay({request(1)});
  EXPECT_EQ(pay({{1, 8, 12000, "KRW", {}}, {1, 7, 12001, "KRW", {}}, {1, 7, 12000, "USD", {}}}),
            (std::vector{Decision::other_user, Decision::other_amount, Decision::other_currency}));
}

TEST_F(PaymentServiceTest, refuses_an_order_in_any_other_state) {
  orders_.kept[1].status = "CANCELLED";
  orders_.kept[2].status = "SHIPPED";
  EXPECT_EQ(pay({request(1), request(2)}),
            (std::vector{Decision::not_payable, Decision::not_payable}));
  EXPECT_EQ(orders_.changes, 0);
}

TEST_F(PaymentServiceTest, knows_no_order_that_nobody_announced) {
  EXPECT_EQ(pay({request(1), request(99), request(3)}),
            (std::vector{Decision::paid, Decision::unknown_order, Decision::paid}));
}

TEST_F(PaymentServiceTest, takes_an_unknown_order_as_the_first_request_says_where_it_may) {
  EXPECT_EQ(pay({request(99), {99, 7, 5, "KRW", {}}}, true),
            (std::vector{Decision::paid, Decision::other_amount}));
  EXPECT_EQ(orders_.kept[99].amount, 12000);
}

}  // namespace
}  // namespace payments
