// What a shop would have before anybody pays: orders that wait for payment, and coupon types.
// Main thread.
#pragma once

#include <cstdint>
#include <string>

namespace gantry::embedded {

// Order N is of user N and 12,000 KRW.
constexpr std::int64_t kSampleOrders = 1000;
constexpr std::int64_t kSampleAmount = 12'000;
constexpr const char* kSampleCurrency = "KRW";
// An order that cannot be paid.
constexpr std::int64_t kCancelledOrder = 1001;
// Coupons: one that is soon sold out, one that is not, one that is not open yet.
constexpr std::int64_t kScarceCoupon = 1;
constexpr std::int64_t kPlentifulCoupon = 2;
constexpr std::int64_t kFutureCoupon = 3;

// Into the tables `orders` and `coupon_types`, where the database has them.
void insert_samples(const std::string& dsn);

// The number that one row with one column says.
std::int64_t ask_number(const std::string& dsn, const std::string& sql);

}  // namespace gantry::embedded
