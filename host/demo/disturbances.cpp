#include "demo/disturbances.hpp"

#include <algorithm>

namespace gantry::demo {
namespace {

std::vector<embedded::Record> records(const std::string& topic, const std::string& type,
                                      const std::vector<const char*>& values) {
  std::vector<embedded::Record> result;
  for (const char* value : values) {
    embedded::Record record;
    record.topic = topic;
    record.key = "malformed-" + std::to_string(result.size());
    record.value = value;
    record.headers = {{"__TypeId__", type}};
    result.push_back(std::move(record));
  }
  return result;
}

}  // namespace

std::vector<embedded::Record> copies(const std::vector<embedded::Record>& events,
                                     std::size_t count) {
  std::vector<embedded::Record> result(
      events.begin(), events.begin() + static_cast<std::ptrdiff_t>(std::min(count, events.size())));
  return result;
}

std::vector<embedded::Record> malformed_orders(const std::string& topic) {
  return records(
      topic, "OrderCreatedEvent",
      {"not JSON", "", "[]", R"({"type":"OrderCreatedEvent","orderId":)",
       R"({"type":"OrderCreatedEvent","eventId":"m-1"})",
       R"({"eventId":"m-2","orderId":-1,"userId":7,"amount":12000,"currency":"KRW","status":"PAID","occurredAt":"2024-05-01T12:00:00Z"})",
       R"({"eventId":"m-3","orderId":1,"userId":"7","amount":12000,"currency":"KRW","status":"PAID","occurredAt":"2024-05-01T12:00:00Z"})",
       R"({"eventId":"m-4","orderId":1,"userId":7,"amount":0.5,"currency":"KRW","status":"PAID","occurredAt":"2024-05-01T12:00:00Z"})",
       R"({"eventId":"m-5","orderId":1,"userId":7,"amount":12000,"currency":"GOLD","status":"PAID","occurredAt":"2024-05-01T12:00:00Z"})",
       R"({"eventId":"m-6","orderId":1,"userId":7,"amount":12000,"currency":"KRW","status":"PAID","occurredAt":"yesterday"})"});
}

std::vector<embedded::Record> malformed_coupons(const std::string& topic) {
  return records(topic, "CouponIssueEvent",
                 {"not JSON", R"({"eventId":"m-7","couponId":1})",
                  R"({"eventId":"m-8","couponId":"one","userId":7})"});
}

}  // namespace gantry::demo
