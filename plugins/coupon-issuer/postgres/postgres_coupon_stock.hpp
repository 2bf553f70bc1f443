// CouponStock over PostgreSQL's coupon_types and coupon_requests: one transaction, which the
// handler commits. As few statements as there are questions, whatever the number of requests. One
// thread.
#pragma once

#include <coupons/coupon_stock.hpp>
#include <postgres/transaction.hpp>
#include <string>

namespace coupons {

class PostgresCouponStock final : public CouponStock {
 public:
  explicit PostgresCouponStock(postgres::Transaction& transaction) : transaction_{transaction} {}

  // In the order of their id, so that two batches wait for each other and never in a circle. (They
  // may where it is called again: then PostgreSQL ends one of them, SQLSTATE 40P01, which is
  // retried.)
  std::vector<CouponType> lock(std::span<const std::int64_t> coupon_ids) override;
  std::vector<KnownRequest> known(std::span<const CouponRequest> requests) override;
  void take(std::span<const Allotment> allotments) override;
  Instant now() override { return now_; }  // of lock()

 private:
  postgres::Transaction& transaction_;
  Instant now_;
};

}  // namespace coupons
