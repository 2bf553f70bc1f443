// The payment side of the demo: what is asked, and what the answers say. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "demo/http_requests.hpp"

namespace gantry::demo {

// Orders whose notifications fail at AlertTalk: three times (of four attempts), or always.
constexpr std::int64_t kRecoveringOrder = 190;
constexpr std::int64_t kHopelessOrder = 195;

struct PaymentAnswers {
  std::int64_t sent = 0;
  std::int64_t paid = 0;                  // 200, the first for its order
  std::int64_t repeated = 0;              // 200, byte for byte that one again
  std::int64_t repeated_differently = 0;  // 200, and something else
  std::int64_t conflicting = 0;           // 409
  std::int64_t unknown = 0;               // 404
  std::int64_t malformed = 0;             // 400, 422
  std::int64_t failed = 0;                // anything else, or no answer
};

// 200 orders of the samples, some asked for again and again, some with another amount, user or
// currency, a cancelled one, unknown ones and malformed ones; mixed, the same every time.
std::vector<Request> payment_requests(const std::string& path);

PaymentAnswers count(const std::vector<Request>& requests, const std::vector<Answer>& answers);

}  // namespace gantry::demo
