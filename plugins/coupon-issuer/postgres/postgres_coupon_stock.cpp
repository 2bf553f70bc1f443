#include "postgres_coupon_stock.hpp"

#include <postgres/array_literal.hpp>

namespace coupons {
namespace {

using postgres::ArrayLiteral;

// The advisory lock of a coupon is its id and these bits ("coupon"), so that no two coupons share
// one and other users of advisory locks are not met.
constexpr const char* lock_space = "109330362822510";

std::string bigints(const postgres::Transaction& transaction, const ArrayLiteral& literal) {
  return transaction.quote(literal.finish()) + "::bigint[]";
}

std::string bigints(const postgres::Transaction& transaction,
                    std::span<const std::int64_t> numbers) {
  ArrayLiteral literal;
  for (const std::int64_t number : numbers) literal.add(number);
  return bigints(transaction, literal);
}

}  // namespace

// Two statements, and not one: what a statement sees is settled before it waits for a lock. The
// second reads from a setting of this transaction what the first has locked.
std::vector<CouponType> PostgresCouponStock::lock(std::span<const std::int64_t> coupon_ids) {
  const std::string wanted =
      " FROM coupon_types WHERE coupon_id = ANY (" + bigints(transaction_, coupon_ids) + ")";
  const std::string open =
      "status = 'ACTIVE' AND valid_from <= clock_timestamp() AND clock_timestamp() < valid_until";
  transaction_.defer(
      "SELECT set_config('gantry.locked', coalesce(array_agg(coupon_id), '{}')::text, true) FROM "
      "(SELECT coupon_id, pg_advisory_xact_lock(coupon_id # " +
      std::string(lock_space) + ") FROM (SELECT coupon_id" + wanted + " AND remaining > 0 AND " +
      open + " ORDER BY coupon_id) AS available) AS locked");
  const pqxx::result rows =
      transaction_.exec("SELECT coupon_id, stock, remaining, " + open +
                        ", coupon_id = ANY (current_setting('gantry.locked')::bigint[]), "
                        "(extract(epoch FROM now()) * 1000000)::bigint" +
                        wanted + " ORDER BY coupon_id");
  std::vector<CouponType> types;
  for (const auto& row : rows) {
    types.push_back({row[0].as<std::int64_t>(), row[1].as<std::int64_t>(),
                     row[2].as<std::int64_t>(), row[3].as<bool>(), row[4].as<bool>()});
    now_ = Instant(std::chrono::microseconds(row[5].as<std::int64_t>()));
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
  const std::string taken = " FROM unnest(" + bigints(transaction_, coupon_ids) + ", " +
                            bigints(transaction_, user_ids) + ", " +
                            bigints(transaction_, numbers) + ") AS a (coupon_id, user_id, number) ";
  transaction_.defer(
      "INSERT INTO coupon_requests (coupon_id, user_id, number, stock) "
      "SELECT a.coupon_id, a.user_id, a.number, t.stock" +
      taken + "JOIN coupon_types AS t USING (coupon_id)");
  transaction_.defer(
      "UPDATE coupon_types AS t SET remaining = t.remaining - n.taken "
      "FROM (SELECT coupon_id, count(*) AS taken" +
      taken +
      "GROUP BY coupon_id) AS n "
      "WHERE t.coupon_id = n.coupon_id");
}

}  // namespace coupons
