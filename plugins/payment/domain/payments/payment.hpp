// What is paid and for what: plain values of the domain. No JSON, no HTTP, no database. Any thread.
#pragma once

#include <cstdint>
#include <orders/order_created_event.hpp>
#include <string>
#include <vector>

namespace payments {

struct Item {
  std::string sku;
  std::int64_t qty = 0;
  std::int64_t price = 0;  // of one, in the currency's minor unit
};

struct PaymentRequest {
  std::int64_t order_id = 0;
  std::int64_t user_id = 0;
  std::int64_t amount = 0;  // in the currency's minor unit
  std::string currency;     // ISO 4217
  std::vector<Item> items;  // goes into the event; not kept with the order
};

// An order as it is kept.
struct Order {
  static constexpr const char* pending = "PENDING";
  static constexpr const char* paid = "PAID";

  std::int64_t order_id = 0;
  std::int64_t user_id = 0;
  std::int64_t amount = 0;
  std::string currency;
  std::string status;       // also others, as CANCELLED
  orders::Instant paid_at;  // where it is PAID
};

enum class Decision {
  paid,          // now: an event belongs to it
  paid_already,  // by the same request
  unknown_order,
  not_payable,  // neither PENDING nor PAID
  other_user,
  other_amount,
  other_currency
};

struct Payment {
  Decision decision = Decision::unknown_order;
  Order order;  // after the decision; empty where it is unknown
};

}  // namespace payments
