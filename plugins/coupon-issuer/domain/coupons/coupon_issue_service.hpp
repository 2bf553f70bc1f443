// Looks coupon types up, and creates coupons. One thread; owns nothing.
#pragma once

#include <coupons/coupon.hpp>
#include <coupons/coupon_repository.hpp>
#include <coupons/coupon_stock.hpp>
#include <span>
#include <vector>

namespace coupons {

class CouponIssueService {
 public:
  // The types of the requests that are there, ordered by id. Those of which something can be taken
  // are locked; the others need no lock, since none of them can be taken.
  std::vector<CouponType> look_up(std::span<const CouponRequest> requests,
                                  CouponStock& stock) const;

  // Coupons that are there already are no failure: the same event may come any number of times.
  Created create(std::span<const CouponIssueEvent> events, CouponRepository& coupons) const;
};

}  // namespace coupons
