// The domain event "an order was created and paid". Plain values: no Kafka, no JSON, no database.
// Any thread; whoever holds it owns it, and the same object is filled again and again so that its
// texts keep their capacity.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace orders {

// PostgreSQL's resolution; finer fractions are cut.
using Instant = std::chrono::sys_time<std::chrono::microseconds>;

struct OrderCreatedEvent {
  static constexpr std::string_view type = "OrderCreatedEvent";

  std::string event_id;  // unique; "topic-partition-offset" where the producer gave none
  std::int64_t order_id = 0;
  std::int64_t user_id = 0;
  std::int64_t amount = 0;  // in the currency's minor unit
  std::string currency;     // ISO 4217
  std::string status;
  Instant occurred_at;
};

}  // namespace orders
