// OrderRepository over PostgreSQL's saved_orders. One thread; one handler instance owns it, and its
// connection with it.
#pragma once

#include <orders/order_repository.hpp>
#include <postgres/connection.hpp>
#include <string>

namespace orders {

class PostgresOrderRepository final : public OrderRepository {
 public:
  // Throws std::invalid_argument for a connection string that libpq can't read; never connects.
  explicit PostgresOrderRepository(const std::string& connection_string,
                                   postgres::Limits limits = {});

  Saved save(std::span<const OrderCreatedEvent> events) override;

 private:
  postgres::Connection connection_;
  std::string buffer_;
  bool expect_duplicates_ =
      false;  // the batch before had some: they come in runs, after a restart or a replay
};

}  // namespace orders
