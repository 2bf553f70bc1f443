#include "postgres_order_repository.hpp"

#include <algorithm>
#include <instant.hpp>
#include <postgres/array_literal.hpp>
#include <string>

namespace payments {
namespace {

using postgres::ArrayLiteral;

std::string array(const postgres::Transaction& transaction, const ArrayLiteral& literal,
                  const char* type) {
  return transaction.quote(literal.finish()) + "::" + type + "[]";
}

orders::Instant instant(const pqxx::row& row, pqxx::row::size_type column) {
  const std::int64_t microseconds = row[column].is_null() ? 0 : row[column].as<std::int64_t>();
  return orders::Instant(std::chrono::microseconds(microseconds));
}

}  // namespace

void PostgresOrderRepository::create_missing(std::span<const PaymentRequest> requests) {
  ArrayLiteral order_ids, user_ids, amounts, currencies;
  for (const PaymentRequest& request : requests) {
    order_ids.add(request.order_id);
    user_ids.add(request.user_id);
    amounts.add(request.amount);
    currencies.add(request.currency);
  }
  transaction_.defer(
      "INSERT INTO orders (order_id, user_id, amount, currency) "
      "SELECT DISTINCT ON (o.order_id) o.order_id, o.user_id, o.amount, o.currency FROM unnest(" +
      array(transaction_, order_ids, "bigint") + ", " + array(transaction_, user_ids, "bigint") +
      ", " + array(transaction_, amounts, "bigint") + ", " +
      array(transaction_, currencies, "text") +
      ") WITH ORDINALITY AS o (order_id, user_id, amount, currency, place) "
      "ORDER BY o.order_id, o.place ON CONFLICT DO NOTHING");
}

std::vector<Order> PostgresOrderRepository::lock(std::span<const PaymentRequest> requests) {
  std::vector<std::int64_t> ids;
  for (const PaymentRequest& request : requests) ids.push_back(request.order_id);
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  ArrayLiteral order_ids;
  for (const std::int64_t id : ids) order_ids.add(id);
  const pqxx::result rows = transaction_.exec(
      "SELECT order_id, user_id, amount, currency, status, "
      "(extract(epoch FROM paid_at) * 1000000)::bigint, "
      "(extract(epoch FROM statement_timestamp()) * 1000000)::bigint "
      "FROM orders WHERE order_id = ANY (" +
      array(transaction_, order_ids, "bigint") + ") ORDER BY order_id FOR UPDATE");
  std::vector<Order> orders;
  for (const pqxx::row& row : rows) {
    orders.push_back({row[0].as<std::int64_t>(), row[1].as<std::int64_t>(),
                      row[2].as<std::int64_t>(), row[3].c_str(), row[4].c_str(), instant(row, 5)});
    now_ = instant(row, 6);
  }
  return orders;
}

void PostgresOrderRepository::change_status(std::span<const Order> orders) {
  ArrayLiteral order_ids, states, instants;
  std::string text;
  for (const Order& order : orders) {
    text.clear();
    orders::append_instant(order.paid_at, text);
    order_ids.add(order.order_id);
    states.add(order.status);
    instants.add(text);
  }
  transaction_.defer("UPDATE orders SET status = o.status, paid_at = o.paid_at FROM unnest(" +
                     array(transaction_, order_ids, "bigint") + ", " +
                     array(transaction_, states, "text") + ", " +
                     array(transaction_, instants, "timestamptz") +
                     ") AS o (order_id, status, paid_at) WHERE orders.order_id = o.order_id");
}

}  // namespace payments
