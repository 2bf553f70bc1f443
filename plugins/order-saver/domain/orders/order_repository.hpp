// Where orders are kept, as the domain sees it. Implemented over PostgreSQL beside this folder, and
// in tests. One thread.
#pragma once

#include <cstddef>
#include <optional>
#include <orders/order_created_event.hpp>
#include <outcome/failure.hpp>
#include <span>

namespace orders {

struct Saved {
  std::size_t saved = 0;
  std::size_t duplicates = 0;               // there already, by event id or by order id and type
  std::optional<outcome::Failure> failure;  // then nothing of this call was saved
};

class OrderRepository {
 public:
  virtual ~OrderRepository() = default;
  // All or none, each at most once however often it is called.
  virtual Saved save(std::span<const OrderCreatedEvent> events) = 0;
};

}  // namespace orders
