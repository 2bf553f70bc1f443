// Orders into saved_orders by COPY: the fast path, which a single duplicate ends. One thread.
#pragma once

#include <orders/order_created_event.hpp>
#include <pqxx/pqxx>
#include <span>
#include <string>

namespace orders {

// Throws as libpqxx does: 23505 where an order is there already. `buffer` keeps its capacity from
// call to call.
void copy_orders(pqxx::transaction_base& transaction, std::span<const OrderCreatedEvent> events,
                 std::string& buffer);

}  // namespace orders
