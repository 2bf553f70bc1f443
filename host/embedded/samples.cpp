#include "embedded/samples.hpp"

#include <pqxx/pqxx>

#include "outbox/parameters.hpp"

namespace gantry::embedded {
namespace {

bool has_table(pqxx::transaction_base& work, const std::string& name) {
  return outbox::execute(work, "SELECT to_regclass($1) IS NOT NULL", name)[0][0].as<bool>();
}

void insert_orders(pqxx::transaction_base& work) {
  outbox::execute(work,
                  "INSERT INTO orders (order_id, user_id, amount, currency)"
                  " SELECT n, n, $2, $3 FROM generate_series(1, $1::bigint) AS n",
                  kSampleOrders, kSampleAmount, kSampleCurrency);
  outbox::execute(work,
                  "INSERT INTO orders (order_id, user_id, amount, currency, status)"
                  " VALUES ($1, $1, $2, $3, 'CANCELLED')",
                  kCancelledOrder, kSampleAmount, kSampleCurrency);
}

void insert_coupon_types(pqxx::transaction_base& work) {
  outbox::execute(work,
                  "INSERT INTO coupon_types (coupon_id, name, stock, remaining, valid_from) VALUES"
                  " ($1, 'the first fifty', 50, 50, '-infinity'),"
                  " ($2, 'spring', 1000, 1000, '-infinity'),"
                  " ($3, 'next year', 100, 100, now() + interval '1 year')",
                  kScarceCoupon, kPlentifulCoupon, kFutureCoupon);
}

}  // namespace

void insert_samples(const std::string& dsn) {
  pqxx::connection connection(dsn);
  pqxx::work work(connection);
  if (has_table(work, "orders")) insert_orders(work);
  if (has_table(work, "coupon_types")) insert_coupon_types(work);
  work.commit();
}

std::int64_t ask_number(const std::string& dsn, const std::string& sql) {
  pqxx::connection connection(dsn);
  pqxx::nontransaction work(connection);
  return work.exec(sql).at(0)[0].as<std::int64_t>();
}

}  // namespace gantry::embedded
