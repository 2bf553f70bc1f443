#include "postgres_coupon_stock.hpp"

#include <postgres/array_literal.hpp>

namespace coupons {
namespace {

using postgres::ArrayLiteral;

// The advisory lock of a coupon is its id and these bits ("coupon"), so that no two coupons share
// one and other users of advisory locks are not met.
constexpr const char* lock_space = "109330362822510";

std::string bigints(const pqxx::transaction_base& transaction, const ArrayLiteral& literal) {
  return transaction.quote(literal.finish()) + "::bigint[]";
}

std::string bigints(const pqxx::transaction_base& transaction,
                    std::span<const std::int64_t> numbers) {
  ArrayLiteral literal;
  for (const std::int64_t number : numbers) literal.add(number);
  return bigints(transaction, literal);
}

}  // namespace

std::vector<CouponType> PostgresCouponStock::find(std::span<const std::int64_t> coupon_ids) {
  return types(transaction_.exec(find_statement(coupon_ids)));
}

// Two statements on one trip, and not one: what a statement sees is settled before it waits for a
// lock.
std::vector<CouponType> PostgresCouponStock::lock(std::span<const std::int64_t> coupon_ids) {
  return types(transaction_.exec(std::string("SELECT pg_advisory_xact_lock(id # ") + lock_space +
                                 ") FROM unnest(" + bigints(transaction_, coupon_ids) +
                                 ") AS id; " + find_statement(coupon_ids)));
}

std::string PostgresCouponStock::find_statement(std::span<const std::int64_t> coupon_ids) const {
  return "SELECT coupon_id, stock, remaining, status = 'ACTIVE' AND valid_from <= "
         "clock_timestamp() AND clock_timestamp() < valid_until, "
         "(extract(epoch FROM now()) * 1000000)::bigint FROM coupon_types WHERE coupon_id = ANY (" +
         bigints(transaction_, coupon_ids) + ") ORDER BY coupon_id";
}

std::vector<CouponType> PostgresCouponStock::types(const pqxx::result& rows) {
  std::vector<CouponType> types;
  for (const auto& row : rows) {
    types.push_back({row[0].as<std::int64_t>(), row[1].as<std::int64_t>(),
                     row[2].as<std::int64_t>(), row[3].as<bool>()});
    now_ = Instant(std::chrono::microseconds(row[4].as<std::int64_t>()));
  }
  return types;
}

std::vector<KnownRequest> PostgresCouponStock::known(std::span<const CouponRequest> requests) {
  ArrayLiteral coupon_ids, user_ids;
  for (const CouponRequest& request : requests) {
    coupon_ids.add(request.coupon_id);
    user_ids.add(request.user_id);
  }
  // LIMIT keeps this a look-up of each: as a plain join it may become a scan of the whole table.
  const pqxx::result rows =
      transaction_.exec("SELECT a.place, r.number, r.status FROM unnest(" +
                        bigints(transaction_, coupon_ids) + ", " + bigints(transaction_, user_ids) +
                        ") WITH ORDINALITY AS a (coupon_id, user_id, place) "
                        "CROSS JOIN LATERAL (SELECT r.number, c.status FROM coupon_requests AS r "
                        "LEFT JOIN coupons AS c USING (coupon_id, user_id) "
                        "WHERE r.coupon_id = a.coupon_id AND r.user_id = a.user_id LIMIT 1) AS r");
  std::vector<KnownRequest> known;
  for (const auto& row : rows) {
    known.push_back({row[0].as<std::size_t>() - 1, row[1].as<std::int64_t>(),
                     row[2].is_null() ? std::string(queued) : row[2].as<std::string>()});
  }
  return known;
}

void PostgresCouponStock::take(std::span<const Allotment> allotments) {
  ArrayLiteral coupon_ids, user_ids, numbers;
  for (const Allotment& allotment : allotments) {
    coupon_ids.add(allotment.coupon_id);
    user_ids.add(allotment.user_id);
    numbers.add(allotment.number);
  }
  transaction_.exec(
      "WITH taken AS (INSERT INTO coupon_requests (coupon_id, user_id, number, stock) "
      "SELECT a.coupon_id, a.user_id, a.number, t.stock FROM unnest(" +
      bigints(transaction_, coupon_ids) + ", " + bigints(transaction_, user_ids) + ", " +
      bigints(transaction_, numbers) +
      ") AS a (coupon_id, user_id, number) JOIN coupon_types AS t USING (coupon_id) "
      "RETURNING coupon_id) "
      "UPDATE coupon_types AS t SET remaining = t.remaining - n.taken "
      "FROM (SELECT coupon_id, count(*) AS taken FROM taken GROUP BY coupon_id) AS n "
      "WHERE t.coupon_id = n.coupon_id");
}

}  // namespace coupons
