#include "order_event_listener.hpp"

namespace orders {

Saved OrderEventListener::on_orders_created(std::span<const OrderCreatedEvent> events) {
  if (events.empty()) return {};
  return repository_.save(events);
}

}  // namespace orders
