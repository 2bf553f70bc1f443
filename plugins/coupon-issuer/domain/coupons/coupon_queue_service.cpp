#include "coupons/coupon_queue_service.hpp"

namespace coupons {

std::vector<QueuedEvent> CouponQueueService::enqueue(std::span<const CouponRequest> requests,
                                                     std::span<const Answer> answers,
                                                     Instant now) const {
  std::vector<QueuedEvent> events;
  for (std::size_t i = 0; i < answers.size(); ++i) {
    if (answers[i].decision != Decision::accepted) continue;
    events.push_back({i, {requests[i].coupon_id, requests[i].user_id, answers[i].number, now}});
  }
  return events;
}

}  // namespace coupons
