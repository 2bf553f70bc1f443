// The use case: an order was created, so it is saved. Does no I/O of its own and publishes nothing.
// One thread; whoever makes it owns the repository.
#pragma once

#include <orders/order_repository.hpp>
#include <span>

namespace orders {

class OrderEventListener {
 public:
  explicit OrderEventListener(OrderRepository& repository) : repository_{repository} {}

  // Events that are there already are no failure: the same message may come any number of times.
  Saved on_orders_created(std::span<const OrderCreatedEvent> events);

 private:
  OrderRepository& repository_;
};

}  // namespace orders
