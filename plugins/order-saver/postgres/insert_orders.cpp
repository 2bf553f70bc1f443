#include "insert_orders.hpp"

#include <postgres/array_literal.hpp>
#include <string>
#include <string_view>

#include "instant.hpp"

namespace orders {
// In the order of the event id, so that two lanes that meet the same orders wait for each other
// instead of locking each other out.
std::size_t insert_orders(pqxx::transaction_base& transaction,
                          std::span<const OrderCreatedEvent> events) {
  postgres::ArrayLiteral order_ids, user_ids, amounts, instants, event_ids, currencies, states;
  std::string instant;
  for (const OrderCreatedEvent& event : events) {
    instant.clear();
    append_instant(event.occurred_at, instant);
    order_ids.add(event.order_id);
    user_ids.add(event.user_id);
    amounts.add(event.amount);
    instants.add(instant);
    event_ids.add(event.event_id);
    currencies.add(event.currency);
    states.add(event.status);
  }
  const auto array = [&](const postgres::ArrayLiteral& literal, const char* type) {
    return transaction.quote(literal.finish()) + "::" + type + "[]";
  };
  const pqxx::result result = transaction.exec(
      "INSERT INTO saved_orders (order_id, user_id, amount, occurred_at, event_id, currency, "
      "status, type) SELECT o.*, " +
      transaction.quote(std::string(OrderCreatedEvent::type)) + " FROM unnest(" +
      array(order_ids, "bigint") + ", " + array(user_ids, "bigint") + ", " +
      array(amounts, "bigint") + ", " + array(instants, "timestamptz") + ", " +
      array(event_ids, "text") + ", " + array(currencies, "text") + ", " + array(states, "text") +
      ") AS o (order_id, user_id, amount, occurred_at, event_id, currency, status) "
      "ORDER BY o.event_id COLLATE \"C\" ON CONFLICT DO NOTHING");
  return static_cast<std::size_t>(result.affected_rows());
}

}  // namespace orders
