// The handler `payment`: the adapter between HTTP, PaymentService, PostgreSQL and the outbox. One
// instance a lane, which owns a database connection; the lane's thread calls it.
#pragma once

#include <gantry/outbox.hpp>
#include <gantry/plugin.hpp>
#include <optional>
#include <outcome/failure.hpp>
#include <postgres/connection.hpp>
#include <vector>

#include "payment_migrations.hpp"
#include "payment_request_reader.hpp"
#include "payment_writer.hpp"
#include "payments/payment_service.hpp"

namespace payments {

class PaymentHandler {
 public:
  static constexpr auto source = gantry::Source::http;
  static constexpr auto options = gantry::options(
      gantry::database("database", "where orders are, and gantry_outbox"),
      gantry::boolean("create_unknown_orders", "an order that is not there is made, not refused")
          .fallback(false));
  static constexpr auto outputs = gantry::outputs(
      gantry::output("order_created", "OrderCreatedEvent, by order").key_format("int64"));
  static constexpr auto& migrations = gantry::migrations::payment;
  static constexpr int max_batch = 1000;
  static constexpr bool uses_outbox = true;
  static constexpr const char* required_extensions[] = {GANTRY_OUTBOX_V1, GANTRY_HTTP_V1};

  explicit PaymentHandler(const gantry::Context& context);

  gantry::Verdict handle_batch(gantry::Batch& batch);

 private:
  struct Unpublishable {  // an event that the host does not take
    std::size_t request;
    gantry::Verdict verdict;
  };

  void read(const gantry::Batch& batch);
  // Pays all of requests_ in one transaction, or none.
  std::optional<outcome::Failure> pay(const gantry::Batch& batch);
  bool collect_events(const gantry::Batch& batch);
  gantry::Verdict refuse_unpublishable(const gantry::Batch& batch) const;
  void respond(const gantry::Batch& batch) const;
  void respond(const gantry::Message& message, const Answer& answer) const;
  void count() const;

  gantry::Http http_;
  gantry::Outbox outbox_;
  gantry::OutboxRows events_;
  gantry::Metrics::Counter paid_, repeated_, refused_, unknown_, invalid_;
  PaymentRequestReader reader_;
  PaymentService service_;
  postgres::Connection connection_;

  // Of one batch.
  std::vector<PaymentRequest> requests_;
  std::vector<std::size_t> places_;  // of each request in the batch
  std::vector<Payment> payments_;
  std::optional<Unpublishable> unpublishable_;
};

}  // namespace payments
