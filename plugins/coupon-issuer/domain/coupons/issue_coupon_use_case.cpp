#include "coupons/issue_coupon_use_case.hpp"

namespace coupons {

Issue IssueCouponUseCase::issue(std::span<const CouponRequest> requests, CouponStock& stock) const {
  std::vector<CouponType> types = issue_service_.look_up(requests, stock);
  Issue issue;
  issue.answers = stock_service_.take(requests, types, stock);
  issue.events = queue_service_.enqueue(requests, issue.answers, stock.now());
  return issue;
}

}  // namespace coupons
