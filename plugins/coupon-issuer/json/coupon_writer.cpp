#include "coupon_writer.hpp"

#include <identity/event_id.hpp>
#include <payload/writer.hpp>

namespace coupons {
namespace {

using payload::append_number;
using payload::append_text;

void append_ids(std::string& out, std::int64_t coupon_id, std::int64_t user_id,
                std::int64_t number) {
  out += "\"couponId\":";
  append_number(out, coupon_id);
  out += ",\"userId\":";
  append_number(out, user_id);
  out += ",\"number\":";
  append_number(out, number);
}

Reply refuse(int status, std::string_view kind, std::string_view title, std::string_view detail,
             std::string_view field = {}) {
  return {status, payload::problem_type, payload::problem(status, kind, title, detail, field)};
}

Reply has_one(int status, const CouponRequest& request, const Answer& answer) {
  std::string body = "{";
  append_ids(body, request.coupon_id, request.user_id, answer.number);
  body += ",\"status\":";
  append_text(body, answer.state);
  return {status, "application/json", body + '}'};
}

}  // namespace

std::string coupon_issue_event(const CouponIssueEvent& event) {
  std::string key;
  append_number(key, event.coupon_id);
  key += '/';
  append_number(key, event.user_id);
  std::string out = "{\"eventId\":";
  append_text(out, identity::event_id(CouponIssueEvent::type, key));
  out += ",\"type\":";
  append_text(out, CouponIssueEvent::type);
  out += ',';
  append_ids(out, event.coupon_id, event.user_id, event.number);
  out += ",\"occurredAt\":";
  payload::append_instant(out, event.occurred_at);
  return out + '}';
}

Reply reply(const CouponRequest& request, const Answer& answer) {
  switch (answer.decision) {
    case Decision::accepted:
      return has_one(202, request, answer);
    case Decision::repeated:
      return has_one(200, request, answer);
    case Decision::sold_out:
      return refuse(409, "sold-out", "Conflict", "the coupon is sold out");
    case Decision::not_open:
      return refuse(409, "not-open", "Conflict", "the coupon can't be asked for at this time");
    case Decision::unknown_coupon:
      return refuse(404, "unknown-coupon", "Not Found", "there is no such coupon", "couponId");
  }
  return refuse(500, "unknown-decision", "Internal Server Error", "the decision is unknown");
}

}  // namespace coupons
