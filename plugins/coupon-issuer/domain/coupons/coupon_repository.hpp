// Where coupons are kept, as the domain sees it. Implemented over PostgreSQL beside this folder,
// and in tests. One thread.
#pragma once

#include <coupons/coupon.hpp>
#include <cstddef>
#include <optional>
#include <outcome/failure.hpp>
#include <span>

namespace coupons {

struct Created {
  std::size_t created = 0;
  std::size_t duplicates = 0;               // there already
  std::optional<outcome::Failure> failure;  // then nothing of this call was created
};

class CouponRepository {
 public:
  virtual ~CouponRepository() = default;
  // All or none, each at most once however often it is called.
  virtual Created save(std::span<const CouponIssueEvent> events) = 0;
};

}  // namespace coupons
