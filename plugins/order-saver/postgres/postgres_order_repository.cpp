#include "postgres_order_repository.hpp"

#include "copy_orders.hpp"
#include "insert_orders.hpp"

namespace orders {

PostgresOrderRepository::PostgresOrderRepository(const std::string& connection_string,
                                                 postgres::Limits limits)
    : connection_{connection_string, "gantry order-saver", limits} {}

// Each statement is a transaction by itself, which saves the trips to begin and to commit one.
Saved PostgresOrderRepository::save(std::span<const OrderCreatedEvent> events) {
  if (!expect_duplicates_) {
    const auto failure = connection_.run([&](pqxx::connection& connection) {
      pqxx::nontransaction alone(connection);
      copy_orders(alone, events, buffer_);
    });
    if (!failure) return {events.size(), 0, std::nullopt};
    if (failure->error_class != "sqlstate.23505") return {0, 0, failure};
  }
  std::size_t saved = 0;
  const auto failure = connection_.run([&](pqxx::connection& connection) {
    pqxx::nontransaction alone(connection);
    saved = insert_orders(alone, events);
  });
  if (failure) return {0, 0, failure};
  expect_duplicates_ = saved < events.size();
  return {saved, events.size() - saved, std::nullopt};
}

}  // namespace orders
