// Where orders are kept, as the domain sees it: one unit of work, which whoever made it commits or
// drops. Implemented over PostgreSQL beside this folder, and in tests. One thread.
#pragma once

#include <orders/order_created_event.hpp>
#include <payments/payment.hpp>
#include <span>
#include <vector>

namespace payments {

class OrderRepository {
 public:
  virtual ~OrderRepository() = default;

  // Makes PENDING orders of those requests whose order is not there; the first request of an order
  // counts.
  virtual void create_missing(std::span<const PaymentRequest> requests) = 0;
  // The orders of the requests that are there, each once, ordered by id. Nobody else changes them
  // until the unit of work ends.
  virtual std::vector<Order> lock(std::span<const PaymentRequest> requests) = 0;
  // The time of this unit of work, by the clock of where orders are kept.
  virtual orders::Instant now() = 0;
  // Writes status and time of payment of orders that were locked.
  virtual void change_status(std::span<const Order> orders) = 0;
};

}  // namespace payments
