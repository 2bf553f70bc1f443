// What a user is told about a paid order. Plain values, any thread.
#pragma once

#include <cstdint>
#include <orders/order_created_event.hpp>
#include <string>

namespace notifications {

struct Notification {
  std::string event_id;  // also the idempotency key of the request
  std::int64_t order_id = 0;
  std::int64_t user_id = 0;
  std::int64_t amount = 0;  // in the currency's minor unit
  std::string currency;
};

inline Notification notification_of(const orders::OrderCreatedEvent& event) {
  return {event.event_id, event.order_id, event.user_id, event.amount, event.currency};
}

}  // namespace notifications
