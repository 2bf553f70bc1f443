// The coupon side of the demo: what is asked, and what the answers say. Pure.
#pragma once

#include <cstdint>
#include <vector>

#include "demo/http_requests.hpp"
#include "demo/wiring.hpp"

namespace gantry::demo {

struct CouponAnswers {
  std::int64_t sent = 0;
  std::int64_t accepted = 0;   // 202
  std::int64_t repeated = 0;   // 200: has one already
  std::int64_t sold_out = 0;   // 409
  std::int64_t not_open = 0;   // 409
  std::int64_t unknown = 0;    // 404
  std::int64_t malformed = 0;  // 400, 422
  std::int64_t failed = 0;     // anything else, or no answer
  void add(const CouponAnswers& more);
};

// More users than the scarce coupon has stock, users who ask twice for the plentiful one, and
// requests for one that is not open, for one that is not there, and malformed ones; mixed.
std::vector<Request> coupon_requests(const Wiring& wiring);

// Those who got one of these ask once more.
std::vector<Request> again(const std::vector<Request>& requests,
                           const std::vector<Answer>& answers);

CouponAnswers count(const std::vector<Answer>& answers);

}  // namespace gantry::demo
