#include "payment_writer.hpp"

#include <identity/event_id.hpp>
#include <payload/writer.hpp>

namespace payments {
namespace {

using payload::append_instant;
using payload::append_number;
using payload::append_text;

void append_items(std::string& out, const std::vector<Item>& items) {
  out += '[';
  for (const Item& item : items) {
    if (out.back() != '[') out += ',';
    out += "{\"sku\":";
    append_text(out, item.sku);
    out += ",\"qty\":";
    append_number(out, item.qty);
    out += ",\"price\":";
    append_number(out, item.price);
    out += '}';
  }
  out += ']';
}

// What event and answer have in common.
void append_order(std::string& out, const Order& order) {
  out += "\"orderId\":";
  append_number(out, order.order_id);
  out += ",\"userId\":";
  append_number(out, order.user_id);
  out += ",\"amount\":";
  append_number(out, order.amount);
  out += ",\"currency\":";
  append_text(out, order.currency);
  out += ",\"status\":";
  append_text(out, order.status);
}

Answer refuse(int status, std::string_view kind, std::string_view title, std::string_view detail,
              std::string_view field = {}) {
  return {status, payload::problem_type, payload::problem(status, kind, title, detail, field)};
}

Answer paid(const Order& order) {
  std::string body = "{";
  append_order(body, order);
  body += ",\"paidAt\":";
  append_instant(body, order.paid_at);
  body += ",\"eventId\":";
  append_text(body, order_created_event_id(order.order_id));
  return {200, "application/json", body + '}'};
}

}  // namespace

std::string order_created_event_id(std::int64_t order_id) {
  return identity::event_id(orders::OrderCreatedEvent::type, std::to_string(order_id));
}

std::string order_created_event(const Order& order, const std::vector<Item>& items) {
  std::string out = "{\"eventId\":";
  append_text(out, order_created_event_id(order.order_id));
  out += ",\"type\":";
  append_text(out, orders::OrderCreatedEvent::type);
  out += ',';
  append_order(out, order);
  out += ",\"items\":";
  append_items(out, items);
  out += ",\"occurredAt\":";
  append_instant(out, order.paid_at);
  return out + '}';
}

Answer answer(const Payment& payment) {
  switch (payment.decision) {
    case Decision::paid:
    case Decision::paid_already:
      return paid(payment.order);
    case Decision::unknown_order:
      return refuse(404, "unknown-order", "Not Found", "there is no such order", "orderId");
    case Decision::not_payable:
      return refuse(409, "order-not-payable", "Conflict",
                    "the order is neither PENDING nor PAID, but " + payment.order.status);
    case Decision::other_user:
      return refuse(409, "other-user", "Conflict", "the order is another user's", "userId");
    case Decision::other_amount:
      return refuse(409, "other-amount", "Conflict", "the order is of another amount", "amount");
    case Decision::other_currency:
      return refuse(409, "other-currency", "Conflict", "the order is in another currency",
                    "currency");
  }
  return refuse(500, "unknown-decision", "Internal Server Error", "the decision is unknown");
}

}  // namespace payments
