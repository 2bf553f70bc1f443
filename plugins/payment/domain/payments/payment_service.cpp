#include "payments/payment_service.hpp"

#include <algorithm>

namespace payments {
namespace {

Decision decide(const PaymentRequest& request, const Order& order) {
  if (order.user_id != request.user_id) return Decision::other_user;
  if (order.status != Order::pending && order.status != Order::paid) return Decision::not_payable;
  if (order.amount != request.amount) return Decision::other_amount;
  if (order.currency != request.currency) return Decision::other_currency;
  return order.status == Order::paid ? Decision::paid_already : Decision::paid;
}

Order* find(std::vector<Order>& orders, std::int64_t order_id) {
  const auto found =
      std::lower_bound(orders.begin(), orders.end(), order_id,
                       [](const Order& order, std::int64_t id) { return order.order_id < id; });
  return found != orders.end() && found->order_id == order_id ? &*found : nullptr;
}

}  // namespace

std::vector<Payment> PaymentService::pay(std::span<const PaymentRequest> requests,
                                         OrderRepository& orders) const {
  if (requests.empty()) return {};
  if (create_unknown_orders_) orders.create_missing(requests);
  std::vector<Order> locked = orders.lock(requests);
  const orders::Instant now = orders.now();
  std::vector<Payment> payments;
  std::vector<Order> changed;
  payments.reserve(requests.size());
  for (const PaymentRequest& request : requests) {
    Order* order = find(locked, request.order_id);
    if (order == nullptr) {
      payments.push_back({Decision::unknown_order, {}});
      continue;
    }
    const Decision decision = decide(request, *order);
    if (decision == Decision::paid) {
      order->status = Order::paid;
      order->paid_at = now;
      changed.push_back(*order);
    }
    payments.push_back({decision, *order});
  }
  if (!changed.empty()) orders.change_status(changed);
  return payments;
}

}  // namespace payments
