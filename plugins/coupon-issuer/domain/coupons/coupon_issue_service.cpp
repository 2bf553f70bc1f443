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
  std::vector<CouponType> types;
  do {  // again where one became available between the lock and the look, which takes a microsecond
    types = stock.lock(ids);
  } while (std::any_of(types.begin(), types.end(),
                       [](const CouponType& type) { return type.available() && !type.locked; }));
  return types;
}

Created CouponIssueService::create(std::span<const CouponIssueEvent> events,
                                   CouponRepository& coupons) const {
  if (events.empty()) return {};
  return coupons.save(events);
}

}  // namespace coupons
