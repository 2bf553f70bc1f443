#include "coupon_issue.hpp"

#include <optional>
#include <outcome/verdict.hpp>

namespace coupons {

CouponIssueHandler::CouponIssueHandler(const gantry::Context& context)
    : repository_{context.database("database")}, listener_{repository_} {
  if (const auto metrics = context.find<gantry::Metrics>()) {
    created_ = metrics->counter("coupons_created_total", "coupons that were new");
    duplicates_ = metrics->counter("coupons_duplicate_total", "coupons that were there already");
    skipped_ = metrics->counter("coupons_skipped_total", "events of another type");
  }
}

gantry::Verdict CouponIssueHandler::handle_batch(gantry::Batch& batch) {
  read(batch);
  const Created created = listener_.on_coupons_issued(events_);
  // What is malformed is rejected by itself, whatever becomes of the rest.
  for (const auto& [place, reason] : malformed_) {
    batch.settle(place, gantry::reject(reason, "invalid_event"));
  }
  if (created.failure) return outcome::verdict(*created.failure);
  created_.add(static_cast<double>(created.created));
  duplicates_.add(static_cast<double>(created.duplicates));
  skipped_.add(static_cast<double>(skipped_count_));
  return gantry::ok();
}

void CouponIssueHandler::read(const gantry::Batch& batch) {
  events_.clear();
  malformed_.clear();
  skipped_count_ = 0;
  for (std::size_t i = 0; i < batch.size(); ++i) {
    const gantry::Message message = batch[i];
    const auto value = message.has_value() ? std::optional(message.value()) : std::nullopt;
    CouponIssueEvent event;
    switch (reader_.read(value, message.header("__TypeId__"), event)) {
      case Reading::event:
        events_.push_back(event);
        break;
      case Reading::other_type:
        ++skipped_count_;
        break;
      case Reading::malformed:
        malformed_.emplace_back(i, reader_.reason());
        break;
    }
  }
}

}  // namespace coupons
