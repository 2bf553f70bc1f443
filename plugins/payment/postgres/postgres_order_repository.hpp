// OrderRepository over PostgreSQL's table orders: one transaction, which the handler commits. As
// few statements as there are questions, whatever the number of requests. Locks are taken in the
// order of the order's id, and new orders made before any lock, so that two batches wait for each
// other and never in a circle. One thread.
#pragma once

#include <payments/order_repository.hpp>
#include <postgres/transaction.hpp>

namespace payments {

class PostgresOrderRepository final : public OrderRepository {
 public:
  explicit PostgresOrderRepository(postgres::Transaction& transaction)
      : transaction_{transaction} {}

  void create_missing(std::span<const PaymentRequest> requests) override;
  std::vector<Order> lock(std::span<const PaymentRequest> requests) override;
  orders::Instant now() override { return now_; }  // of lock()
  void change_status(std::span<const Order> orders) override;

 private:
  postgres::Transaction& transaction_;
  orders::Instant now_;
};

}  // namespace payments
