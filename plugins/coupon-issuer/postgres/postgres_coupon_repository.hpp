// CouponRepository over PostgreSQL's table coupons. One thread; one handler instance owns it, and
// its connection with it.
#pragma once

#include <coupons/coupon_repository.hpp>
#include <postgres/connection.hpp>
#include <string>

namespace coupons {

class PostgresCouponRepository final : public CouponRepository {
 public:
  // Throws std::invalid_argument for a connection string that libpq can't read; never connects.
  explicit PostgresCouponRepository(const std::string& connection_string)
      : connection_{connection_string, "gantry coupon-issue"} {}

  Created save(std::span<const CouponIssueEvent> events) override;

 private:
  postgres::Connection connection_;
};

}  // namespace coupons
