#include "coupons/coupon_issue_service.hpp"

#include <algorithm>

namespace coupons {

std::vector<CouponType> CouponIssueService::look_up(std::span<const CouponRequest> requests,
                                                    CouponStock& stock) const {
  std::vector<std::int64_t> ids;
  for (const CouponRequest& request : requests) {
    if (ids.empty() || ids.back() != request.coupon_id) ids.push_back(request.coupon_id);
  }
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  std::vector<CouponType> types = stock.find(ids);
  ids.clear();
  for (const CouponType& type : types) {
    if (type.open && type.remaining > 0) ids.push_back(type.coupon_id);
  }
  if (ids.empty()) return types;
  auto at = types.begin();  // what was locked is what it is now, and no longer what was found
  for (const CouponType& locked : stock.lock(ids)) {
    while (at->coupon_id != locked.coupon_id) ++at;
    *at = locked;
  }
  return types;
}

Created CouponIssueService::create(std::span<const CouponIssueEvent> events,
                                   CouponRepository& coupons) const {
  if (events.empty()) return {};
  return coupons.save(events);
}

}  // namespace coupons
