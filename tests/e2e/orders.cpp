#include "orders.hpp"

#include <random>

namespace gantry::test {

std::string order_event(std::int64_t order_id, const std::string& event_id) {
  return R"({"type":"OrderCreatedEvent","eventId":")" + event_id + R"(","orderId":)" +
         std::to_string(order_id) +
         R"(,"userId":7,"amount":12000,"currency":"KRW","status":"PAID",)" +
         R"("items":[{"sku":"A-1","qty":2,"price":6000}],"occurredAt":"2024-05-01T12:00:00+09:00"})";
}

std::vector<Record> skewed_orders(const std::string& topic, int count, int keys,
                                  std::int64_t first_order) {
  std::vector<double> weights;
  for (int rank = 1; rank <= keys; ++rank) weights.push_back(1.0 / rank);
  std::discrete_distribution<int> customer(weights.begin(), weights.end());
  std::mt19937 random(42);  // NOLINT(cert-msc51-cpp): the same orders every time
  std::vector<Record> records;
  for (int i = 0; i < count; ++i) {
    const std::int64_t order = first_order + i;
    records.push_back({.topic = topic,
                       .key = "customer-" + std::to_string(customer(random)),
                       .value = order_event(order, "event-" + std::to_string(order))});
  }
  return records;
}

}  // namespace gantry::test
