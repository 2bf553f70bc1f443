// The handler `coupon-issue`: the adapter between Gantry and CouponIssueEventListener. One instance
// a lane, which owns a database connection; the lane's thread calls it.
#pragma once

#include <gantry/plugin.hpp>
#include <string>
#include <utility>
#include <vector>

#include "coupon_event_reader.hpp"
#include "coupon_issuer_migrations.hpp"
#include "coupons/coupon_issue_event_listener.hpp"
#include "postgres_coupon_repository.hpp"

namespace coupons {

class CouponIssueHandler {
 public:
  static constexpr auto options =
      gantry::options(gantry::database("database", "where coupons are"));
  static constexpr auto& migrations = gantry::migrations::coupon_issuer;
  static constexpr int max_batch = 10000;
  static constexpr bool orders_within_batch = true;

  explicit CouponIssueHandler(const gantry::Context& context);

  gantry::Verdict handle_batch(gantry::Batch& batch);

 private:
  void read(const gantry::Batch& batch);

  gantry::Metrics::Counter created_, duplicates_, skipped_;
  CouponEventReader reader_;
  PostgresCouponRepository repository_;
  CouponIssueEventListener listener_;
  std::vector<CouponIssueEvent> events_;  // of the batch
  std::size_t skipped_count_ = 0;
  std::vector<std::pair<std::size_t, std::string>> malformed_;  // index in the batch, and why
};

}  // namespace coupons
