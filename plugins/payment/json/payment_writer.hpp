// What a payment says to the outside, as JSON: the event for the topic, and the answer to the
// client. Pure functions, any thread.
#pragma once

#include <payments/payment.hpp>
#include <string>
#include <vector>

namespace payments {

// The id of the event that belongs to the payment of an order: always the same.
std::string order_created_event_id(std::int64_t order_id);

// schema/order_created_event.schema.json of plugins/events.
std::string order_created_event(const Order& order, const std::vector<Item>& items);

struct Answer {
  int status = 200;
  std::string_view content_type;
  std::string body;
};

// The same for `paid` and `paid_already`, byte for byte.
Answer answer(const Payment& payment);

}  // namespace payments
