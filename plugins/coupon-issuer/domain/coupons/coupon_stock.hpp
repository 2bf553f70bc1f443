// Where coupon types and what was taken of them are kept, as the domain sees it: one unit of work,
// which whoever made it commits or drops. Implemented over PostgreSQL beside this folder, and in
// tests. One thread.
#pragma once

#include <coupons/coupon.hpp>
#include <span>
#include <vector>

namespace coupons {

// A request that has its allotment already.
struct KnownRequest {
  std::size_t place = 0;  // in the requests
  std::int64_t number = 0;
  std::string state;
};

class CouponStock {
 public:
  virtual ~CouponStock() = default;

  // The types that are there, ordered by id; `coupon_ids` rise. Nobody else takes any of those that
  // are `locked` until the unit of work ends: they are the ones of which something could be taken
  // when this was called.
  virtual std::vector<CouponType> lock(std::span<const std::int64_t> coupon_ids) = 0;
  virtual std::vector<KnownRequest> known(std::span<const CouponRequest> requests) = 0;
  // Takes them from the stock of types that are locked.
  virtual void take(std::span<const Allotment> allotments) = 0;
  // The time of this unit of work, by the clock of where types are kept.
  virtual Instant now() = 0;
};

}  // namespace coupons
