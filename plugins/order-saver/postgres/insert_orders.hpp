// Orders into saved_orders by one INSERT that passes over those that are there. One thread.
#pragma once

#include <cstddef>
#include <orders/order_created_event.hpp>
#include <pqxx/pqxx>
#include <span>

namespace orders {

// How many of them were new. The same order twice in one call counts as a duplicate too. Throws as
// libpqxx does.
std::size_t insert_orders(pqxx::transaction_base& transaction,
                          std::span<const OrderCreatedEvent> events);

}  // namespace orders
