// The handler `coupon-request`: the adapter between HTTP or a topic, IssueCouponUseCase, PostgreSQL
// and the outbox. One instance a lane, which owns a database connection; the lane's thread calls
// it.
#pragma once

#include <gantry/outbox.hpp>
#include <gantry/plugin.hpp>
#include <optional>
#include <outcome/failure.hpp>
#include <postgres/connection.hpp>
#include <string>
#include <utility>
#include <vector>

#include "coupon_issuer_migrations.hpp"
#include "coupon_request_reader.hpp"
#include "coupon_writer.hpp"
#include "coupons/issue_coupon_use_case.hpp"

namespace coupons {

class CouponRequestHandler {
 public:
  static constexpr auto source = gantry::Source::http | gantry::Source::topic;
  static constexpr auto options = gantry::options(
      gantry::database("database", "where coupon types and requests are, and gantry_outbox"));
  static constexpr auto outputs = gantry::outputs(
      gantry::output("coupon_issue", "CouponIssueEvent, by user").key_format("int64"));
  static constexpr auto& migrations = gantry::migrations::coupon_issuer;
  static constexpr int max_batch = 1000;
  static constexpr bool orders_within_batch = true;
  static constexpr bool uses_outbox = true;
  static constexpr const char* required_extensions[] = {GANTRY_OUTBOX_V1};

  explicit CouponRequestHandler(const gantry::Context& context);

  gantry::Verdict handle_batch(gantry::Batch& batch);

 private:
  void read(const gantry::Batch& batch);
  const payload::Problem* read(const gantry::Message& message, CouponRequest& request);
  // Answers all of requests_ in one transaction, or none.
  std::optional<outcome::Failure> issue(const gantry::Batch& batch);
  bool collect_events(const gantry::Batch& batch);
  void respond(const gantry::Batch& batch) const;
  void respond(const gantry::Message& message, const Reply& reply) const;
  gantry::Verdict settle(const gantry::Batch& batch, const gantry::Verdict& rest) const;
  void count() const;

  struct Malformed {
    std::size_t place;  // in the batch
    payload::Problem problem;
  };
  struct Unpublishable {  // an event that the host does not take
    std::size_t place;
    gantry::Verdict verdict;
  };

  std::optional<gantry::Http> http_;  // not on a route from a topic
  gantry::Outbox outbox_;
  gantry::OutboxRows events_;
  gantry::Metrics::Counter accepted_, repeated_, sold_out_, not_open_, unknown_, invalid_;
  CouponRequestReader reader_;
  IssueCouponUseCase use_case_;
  postgres::Connection connection_;

  // Of one batch.
  std::vector<CouponRequest> requests_;
  std::vector<std::size_t> places_;  // of each request in the batch
  std::vector<Malformed> malformed_;
  std::optional<Unpublishable> unpublishable_;
  Issue issue_;
};

}  // namespace coupons
