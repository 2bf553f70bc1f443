#include "payment.hpp"

#include <outcome/verdict.hpp>
#include <payload/writer.hpp>
#include <string>

#include "postgres_order_repository.hpp"

namespace payments {
namespace {

std::string_view title(int status) {
  if (status == 400) return "Bad Request";
  return status == 413 ? "Content Too Large" : "Unprocessable Content";
}

}  // namespace

PaymentHandler::PaymentHandler(const gantry::Context& context)
    : http_{context.extension<gantry::Http>()},
      outbox_{context},
      events_{outbox_.rows()},
      service_{context.boolean("create_unknown_orders")},
      connection_{context.database("database"), "gantry payment"} {
  if (const auto metrics = context.find<gantry::Metrics>()) {
    paid_ = metrics->counter("payments_paid_total", "orders that became PAID");
    repeated_ = metrics->counter("payments_repeated_total", "requests that were answered before");
    refused_ = metrics->counter("payments_refused_total", "requests that do not fit the order");
    unknown_ =
        metrics->counter("payments_unknown_total", "requests for an order that is not there");
    invalid_ = metrics->counter("payments_invalid_total", "requests that are malformed");
  }
}

gantry::Verdict PaymentHandler::handle_batch(gantry::Batch& batch) {
  read(batch);
  if (requests_.empty()) return gantry::ok();
  if (const auto failure = pay(batch)) {
    // What is malformed has its answer, whatever becomes of the rest.
    std::size_t next = 0;
    for (std::size_t i = 0; i < batch.size(); ++i) {
      if (next < places_.size() && places_[next] == i) {
        ++next;
      } else {
        batch.settle(i, gantry::ok());
      }
    }
    return outcome::verdict(*failure);
  }
  if (unpublishable_) return refuse_unpublishable(batch);
  outbox_.wake();
  count();
  respond(batch);
  return gantry::ok();
}

void PaymentHandler::read(const gantry::Batch& batch) {
  requests_.clear();
  places_.clear();
  payments_.clear();
  for (std::size_t i = 0; i < batch.size(); ++i) {
    const gantry::Message message = batch[i];
    PaymentRequest request;
    if (const payload::Problem* problem = reader_.read(message.value(), request)) {
      invalid_.add();
      respond(message, {problem->status, payload::problem_type,
                        payload::problem(problem->status, "invalid-payment", title(problem->status),
                                         problem->detail, problem->field)});
    } else {
      requests_.push_back(std::move(request));
      places_.push_back(i);
    }
  }
}

std::optional<outcome::Failure> PaymentHandler::pay(const gantry::Batch& batch) {
  return connection_.run([&](pqxx::connection& connection) {
    postgres::Transaction transaction(connection);
    PostgresOrderRepository orders(transaction);
    payments_ = service_.pay(requests_, orders);
    if (!collect_events(batch)) return;  // the transaction is dropped
    transaction.insert(events_);
    transaction.commit();
  });
}

bool PaymentHandler::collect_events(const gantry::Batch& batch) {
  events_.clear();
  unpublishable_.reset();
  for (std::size_t i = 0; i < payments_.size(); ++i) {
    if (payments_[i].decision != Decision::paid) continue;
    const std::string key = std::to_string(payments_[i].order.order_id);
    const std::string value = order_created_event(payments_[i].order, requests_[i].items);
    const auto outcome = events_.add(batch[places_[i]].slot(), {"order_created", key, value, {}});
    if (!outcome) {
      unpublishable_ = {i, outcome.verdict()};
      return false;
    }
  }
  return true;
}

// Nothing was paid: the one is refused, and the host delivers the others again.
gantry::Verdict PaymentHandler::refuse_unpublishable(const gantry::Batch& batch) const {
  std::size_t next = 0;
  for (std::size_t i = 0; i < batch.size(); ++i) {
    if (next == places_.size() || places_[next] != i) {
      batch.settle(i, gantry::ok());  // malformed: has its answer
    } else if (next++ == unpublishable_->request) {
      batch.settle(i, unpublishable_->verdict);
    }
  }
  return gantry::retry("another payment of the same batch can't be published", {},
                       "after_unpublishable");
}

void PaymentHandler::respond(const gantry::Batch& batch) const {
  for (std::size_t i = 0; i < payments_.size(); ++i) {
    respond(batch[places_[i]], answer(payments_[i]));
  }
}

void PaymentHandler::respond(const gantry::Message& message, const Answer& answer) const {
  // Refused only where the slot is gone, and its client with it.
  (void)http_.respond(message.slot(), answer.status, answer.body, answer.content_type);
}

void PaymentHandler::count() const {
  for (const Payment& payment : payments_) {
    switch (payment.decision) {
      case Decision::paid:
        paid_.add();
        break;
      case Decision::paid_already:
        repeated_.add();
        break;
      case Decision::unknown_order:
        unknown_.add();
        break;
      default:
        refused_.add();
        break;
    }
  }
}

}  // namespace payments
