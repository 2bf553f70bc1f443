// CouponStock over PostgreSQL's coupon_types and coupon_requests: one transaction, which the
// handler commits. As few statements as there are questions, whatever the number of requests. One
// thread.
#pragma once

#include <coupons/coupon_stock.hpp>
#include <pqxx/pqxx>
#include <string>

namespace coupons {

class PostgresCouponStock final : public CouponStock {
 public:
  explicit PostgresCouponStock(pqxx::transaction_base& transaction) : transaction_{transaction} {}

  std::vector<CouponType> find(std::span<const std::int64_t> coupon_ids) override;
  std::vector<CouponType> lock(std::span<const std::int64_t> coupon_ids) override;
  std::vector<KnownRequest> known(std::span<const CouponRequest> requests) override;
  void take(std::span<const Allotment> allotments) override;
  Instant now() override { return now_; }  // of find() or lock()

 private:
  std::string find_statement(std::span<const std::int64_t> coupon_ids) const;
  std::vector<CouponType> types(const pqxx::result& rows);

  pqxx::transaction_base& transaction_;
  Instant now_;
};

}  // namespace coupons
