// What is asked for and given: plain values of the domain. No JSON, no Kafka, no database. Any
// thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace coupons {

// PostgreSQL's resolution.
using Instant = std::chrono::sys_time<std::chrono::microseconds>;

struct CouponRequest {
  std::int64_t coupon_id = 0;
  std::int64_t user_id = 0;
};

// A kind of coupon of which there is a stock.
struct CouponType {
  std::int64_t coupon_id = 0;
  std::int64_t stock = 0;
  std::int64_t remaining = 0;
  bool open = false;    // active, and within its validity by the clock of where it is kept
  bool locked = false;  // nobody else takes any of it meanwhile

  bool available() const { return open && remaining > 0; }
};

// One of the stock, given to a user: the first has number 1.
struct Allotment {
  std::int64_t coupon_id = 0;
  std::int64_t user_id = 0;
  std::int64_t number = 0;
};

enum class Decision {
  accepted,  // now: an event belongs to it
  repeated,  // the user has one already
  sold_out,
  not_open,
  unknown_coupon
};

inline constexpr std::string_view queued = "QUEUED";  // asked for, and not created yet

struct Answer {
  Decision decision = Decision::unknown_coupon;
  std::int64_t number = 0;  // of accepted and repeated
  std::string state;        // likewise: QUEUED, or the coupon's own
};

// The domain event "a user shall get a coupon".
struct CouponIssueEvent {
  static constexpr std::string_view type = "CouponIssueEvent";

  std::int64_t coupon_id = 0;
  std::int64_t user_id = 0;
  std::int64_t number = 0;  // 0: not told
  Instant occurred_at;
};

}  // namespace coupons
