// The use case: a client pays an order, once. Decides, and tells which events belong to it; it
// publishes nothing. One thread.
#pragma once

#include <payments/order_repository.hpp>
#include <payments/payment.hpp>
#include <span>
#include <vector>

namespace payments {

class PaymentService {
 public:
  // `create_unknown_orders`: an order that nobody has announced is taken as the request says it.
  explicit PaymentService(bool create_unknown_orders)
      : create_unknown_orders_{create_unknown_orders} {}

  // One decision for each request, in their order, as if they came one by one. Throws as the
  // repository does.
  std::vector<Payment> pay(std::span<const PaymentRequest> requests, OrderRepository& orders) const;

 private:
  const bool create_unknown_orders_;
};

}  // namespace payments
