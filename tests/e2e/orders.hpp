// Orders as a payment service publishes them: OrderCreatedEvent records whose keys are skewed as
// those of real customers are, a few with very many messages.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "support/kafka_client.hpp"

namespace gantry::test {

std::string order_event(std::int64_t order_id, const std::string& event_id);

// `count` records with order ids and event ids of their own (from first_order on), keyed by one of
// `keys` customers of whom the n-th is 1/n as frequent as the first (Zipf). The same every time.
std::vector<Record> skewed_orders(const std::string& topic, int count, int keys,
                                  std::int64_t first_order = 1);

}  // namespace gantry::test
