// What follows when a coupon was taken from stock: a CouponIssueEvent each. It makes them and
// publishes nothing; that is done with the commit of what they tell about. One thread; owns
// nothing.
#pragma once

#include <coupons/coupon.hpp>
#include <span>
#include <vector>

namespace coupons {

struct QueuedEvent {
  std::size_t place = 0;  // of its request
  CouponIssueEvent event;
};

class CouponQueueService {
 public:
  std::vector<QueuedEvent> enqueue(std::span<const CouponRequest> requests,
                                   std::span<const Answer> answers, Instant now) const;
};

}  // namespace coupons
