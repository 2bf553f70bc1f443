// Takes coupons from stock: who gets one, who has one, and who gets none. One thread; owns nothing.
#pragma once

#include <coupons/coupon.hpp>
#include <coupons/coupon_stock.hpp>
#include <span>
#include <vector>

namespace coupons {

class CouponStockService {
 public:
  // One answer for each request, in their order, as if they came one by one. `types` are locked
  // where something can be taken, and ordered by id; what remains of them is counted down.
  std::vector<Answer> take(std::span<const CouponRequest> requests, std::span<CouponType> types,
                           CouponStock& stock) const;
};

}  // namespace coupons
