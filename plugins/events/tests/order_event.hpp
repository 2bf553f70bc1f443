// An OrderCreatedEvent as JSON, for the tests of the handlers that read it.
#pragma once

#include <string>

namespace orders::testing {

inline std::string order_event(const std::string& event_id, int order_id, int user_id = 7,
                               int amount = 12000) {
  return R"({"eventId":")" + event_id + R"(","type":"OrderCreatedEvent","orderId":)" +
         std::to_string(order_id) + R"(,"userId":)" + std::to_string(user_id) + R"(,"amount":)" +
         std::to_string(amount) +
         R"(,"currency":"KRW","status":"PAID","occurredAt":"2026-11-23T09:00:00.25+09:00"})";
}

}  // namespace orders::testing
