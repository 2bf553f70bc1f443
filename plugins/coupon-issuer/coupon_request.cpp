#include "coupon_request.hpp"

#include <outcome/verdict.hpp>
#include <payload/writer.hpp>

#include "postgres_coupon_stock.hpp"

namespace coupons {
namespace {

std::string_view title(int status) {
  if (status == 400) return "Bad Request";
  return status == 413 ? "Content Too Large" : "Unprocessable Content";
}

Reply refusal(const payload::Problem& problem) {
  return {problem.status, payload::problem_type,
          payload::problem(problem.status, "invalid-coupon-request", title(problem.status),
                           problem.detail, problem.field)};
}

}  // namespace

CouponRequestHandler::CouponRequestHandler(const gantry::Context& context)
    : http_{context.find<gantry::Http>()},
      outbox_{context},
      events_{outbox_.rows()},
      connection_{context.database("database"), "gantry coupon-request"} {
  if (const auto metrics = context.find<gantry::Metrics>()) {
    accepted_ = metrics->counter("coupon_requests_accepted_total", "requests that got a coupon");
    repeated_ = metrics->counter("coupon_requests_repeated_total", "by users who have one");
    sold_out_ = metrics->counter("coupon_requests_sold_out_total", "for what is sold out");
    not_open_ = metrics->counter("coupon_requests_not_open_total", "outside of the validity");
    unknown_ = metrics->counter("coupon_requests_unknown_total", "for a coupon that is not there");
    invalid_ = metrics->counter("coupon_requests_invalid_total", "requests that are malformed");
  }
}

gantry::Verdict CouponRequestHandler::handle_batch(gantry::Batch& batch) {
  read(batch);
  unpublishable_.reset();
  const auto failure = requests_.empty() ? std::nullopt : issue(batch);
  if (failure) return settle(batch, outcome::verdict(*failure));
  if (unpublishable_) {
    return settle(batch, gantry::retry("another request of the same batch can't be published", {},
                                       "after_unpublishable"));
  }
  if (!issue_.events.empty()) outbox_.wake();
  count();
  respond(batch);
  return settle(batch, gantry::ok());
}

void CouponRequestHandler::read(const gantry::Batch& batch) {
  requests_.clear();
  places_.clear();
  malformed_.clear();
  issue_ = {};
  for (std::size_t i = 0; i < batch.size(); ++i) {
    CouponRequest request;
    if (const payload::Problem* problem = read(batch[i], request)) {
      malformed_.push_back({i, *problem});
    } else {
      requests_.push_back(request);
      places_.push_back(i);
    }
  }
}

const payload::Problem* CouponRequestHandler::read(const gantry::Message& message,
                                                   CouponRequest& request) {
  if (!http_) return reader_.read_record(message.value(), request);
  return reader_.read_http(message.header(":couponId"), message.value(), request);
}

std::optional<outcome::Failure> CouponRequestHandler::issue(const gantry::Batch& batch) {
  return connection_.run([&](pqxx::connection& connection) {
    postgres::Transaction transaction(connection);
    PostgresCouponStock stock(transaction);
    issue_ = use_case_.issue(requests_, stock);
    if (!collect_events(batch)) return;  // the transaction is dropped
    transaction.insert(events_);
    transaction.commit();
  });
}

bool CouponRequestHandler::collect_events(const gantry::Batch& batch) {
  events_.clear();
  for (const QueuedEvent& queued : issue_.events) {
    const std::size_t place = places_[queued.place];
    const std::string key = std::to_string(queued.event.user_id);
    const std::string value = coupon_issue_event(queued.event);
    const auto outcome = events_.add(batch[place].slot(), {"coupon_issue", key, value, {}});
    if (!outcome) {
      unpublishable_ = {place, outcome.verdict()};
      return false;
    }
  }
  return true;
}

void CouponRequestHandler::respond(const gantry::Batch& batch) const {
  if (!http_) return;
  for (std::size_t i = 0; i < requests_.size(); ++i) {
    respond(batch[places_[i]], reply(requests_[i], issue_.answers[i]));
  }
  for (const Malformed& one : malformed_) respond(batch[one.place], refusal(one.problem));
}

void CouponRequestHandler::respond(const gantry::Message& message, const Reply& reply) const {
  // Refused only where the slot is gone, and its client with it.
  (void)http_->respond(message.slot(), reply.status, reply.body, reply.content_type);
}

// What is malformed is rejected by itself where it comes from a topic, whatever becomes of the
// rest; over HTTP it has its answer, and shares the verdict of the others.
gantry::Verdict CouponRequestHandler::settle(const gantry::Batch& batch,
                                             const gantry::Verdict& rest) const {
  if (!http_) {
    for (const Malformed& one : malformed_) {
      batch.settle(one.place, gantry::reject(one.problem.detail, "invalid_request"));
    }
  }
  if (unpublishable_) batch.settle(unpublishable_->place, unpublishable_->verdict);
  return rest;
}

void CouponRequestHandler::count() const {
  for (const Answer& answer : issue_.answers) {
    switch (answer.decision) {
      case Decision::accepted:
        accepted_.add();
        break;
      case Decision::repeated:
        repeated_.add();
        break;
      case Decision::sold_out:
        sold_out_.add();
        break;
      case Decision::not_open:
        not_open_.add();
        break;
      case Decision::unknown_coupon:
        unknown_.add();
        break;
    }
  }
  invalid_.add(static_cast<double>(malformed_.size()));
}

}  // namespace coupons
