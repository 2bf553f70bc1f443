#include "postgres_coupon_repository.hpp"

#include <postgres/array_literal.hpp>

namespace coupons {

// In the order of coupon and user, so that two lanes that meet the same events wait for each other
// instead of locking each other out. LEFT JOIN: a coupon that nobody asked for meets the foreign
// key, and is not passed over.
Created PostgresCouponRepository::save(std::span<const CouponIssueEvent> events) {
  postgres::ArrayLiteral coupon_ids, user_ids;
  for (const CouponIssueEvent& event : events) {
    coupon_ids.add(event.coupon_id);
    user_ids.add(event.user_id);
  }
  Created result;
  result.failure = connection_.run([&](pqxx::connection& connection) {
    pqxx::nontransaction alone(connection);  // one statement is a transaction by itself: one trip
    const pqxx::result inserted = alone.exec(
        "INSERT INTO coupons (coupon_id, user_id, expires_at) "
        "SELECT e.coupon_id, e.user_id, nullif(t.valid_until, 'infinity') FROM unnest(" +
        alone.quote(coupon_ids.finish()) + "::bigint[], " + alone.quote(user_ids.finish()) +
        "::bigint[]) AS e (coupon_id, user_id) LEFT JOIN coupon_types AS t USING (coupon_id) "
        "ORDER BY e.coupon_id, e.user_id ON CONFLICT DO NOTHING");
    result.created = static_cast<std::size_t>(inserted.affected_rows());
  });
  if (result.failure) return {0, 0, result.failure};
  result.duplicates = events.size() - result.created;
  return result;
}

}  // namespace coupons
