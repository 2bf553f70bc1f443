// The handler `order-saver`: the adapter between Gantry and OrderEventListener. One instance a
// lane, which owns a database connection; the lane's thread calls it.
#pragma once

#include <gantry/plugin.hpp>
#include <string>
#include <utility>
#include <vector>

#include "order_event_reader.hpp"
#include "order_saver_migrations.hpp"
#include "orders/order_event_listener.hpp"
#include "postgres_order_repository.hpp"

namespace orders {

class OrderSaver {
 public:
  static constexpr auto options =
      gantry::options(gantry::database("database", "where saved_orders is"));
  static constexpr auto& migrations = gantry::migrations::order_saver;
  static constexpr int max_batch = 10000;
  static constexpr bool orders_within_batch = true;

  explicit OrderSaver(const gantry::Context& context);

  gantry::Verdict handle_batch(gantry::Batch& batch);

 private:
  void read(const gantry::Batch& batch);
  gantry::Verdict settle(const gantry::Batch& batch, const Saved& saved);
  void count(const Saved& saved);

  gantry::Host host_;
  gantry::Metrics::Counter saved_, duplicates_, skipped_;
  OrderEventReader reader_;
  PostgresOrderRepository repository_;
  OrderEventListener listener_;
  std::vector<OrderCreatedEvent>
      events_;  // of the batch: the first event_count_; the rest keep their capacity
  std::size_t event_count_ = 0;
  std::size_t skipped_count_ = 0;
  std::vector<std::pair<std::size_t, std::string>> malformed_;  // index in the batch, and why
};

}  // namespace orders
