// The use case: a coupon shall be issued, so it is created. Does no I/O of its own. One thread;
// whoever makes it owns the repository.
#pragma once

#include <coupons/coupon_issue_service.hpp>
#include <span>

namespace coupons {

class CouponIssueEventListener {
 public:
  explicit CouponIssueEventListener(CouponRepository& coupons) : coupons_{coupons} {}

  Created on_coupons_issued(std::span<const CouponIssueEvent> events) {
    return service_.create(events, coupons_);
  }

 private:
  CouponIssueService service_;
  CouponRepository& coupons_;
};

}  // namespace coupons
