// The use case: users ask for coupons. Look the type up, take one from stock, enqueue the event, in
// one unit of work for any number of requests. One thread; owns its services.
#pragma once

#include <coupons/coupon_issue_service.hpp>
#include <coupons/coupon_queue_service.hpp>
#include <coupons/coupon_stock_service.hpp>
#include <span>
#include <vector>

namespace coupons {

struct Issue {
  std::vector<Answer> answers;      // one for each request, in their order
  std::vector<QueuedEvent> events;  // one for each that was accepted
};

class IssueCouponUseCase {
 public:
  // Throws as the stock does; then nothing may be committed.
  Issue issue(std::span<const CouponRequest> requests, CouponStock& stock) const;

 private:
  CouponIssueService issue_service_;
  CouponStockService stock_service_;
  CouponQueueService queue_service_;
};

}  // namespace coupons
