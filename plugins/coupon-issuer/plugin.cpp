#include "coupon_issue.hpp"
#include "coupon_request.hpp"

GANTRY_PLUGIN("coupon-issuer", "1.0.0",
              gantry::handler<coupons::CouponRequestHandler>(
                  "coupon-request", "gives users a coupon of the stock, one each"),
              gantry::handler<coupons::CouponIssueHandler>(
                  "coupon-issue", "creates the coupon of each CouponIssueEvent, once"));
