// What a request for a coupon says to the outside, as JSON: the event for the topic, and the answer
// to the client. Pure functions, any thread.
#pragma once

#include <coupons/coupon.hpp>
#include <string>
#include <string_view>

namespace coupons {

// schema/coupon_issue_event.schema.json. Its eventId is the same for the same coupon and user.
std::string coupon_issue_event(const CouponIssueEvent& event);

struct Reply {
  int status = 200;
  std::string_view content_type;
  std::string body;
};

Reply reply(const CouponRequest& request, const Answer& answer);

}  // namespace coupons
