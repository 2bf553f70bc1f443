#include "coupon_request_reader.hpp"

#include <array>
#include <charconv>

namespace coupons {
namespace {

using payload::Kind;
using payload::Rule;

constexpr Rule coupon_rule{"couponId", Kind::integer, 1, payload::largest_id};
constexpr Rule user_rule{"userId", Kind::integer, 1, payload::largest_id};
constexpr std::array body_rules{user_rule};
constexpr std::array record_rules{user_rule, coupon_rule};
enum { user_id, coupon_id };

// As JSON has it: digits alone, no leading zero. 0: it is not one.
std::int64_t whole_number(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool whole = error == std::errc() && end == text.data() + text.size();
  return whole && text.front() != '0' && number > 0 ? number : 0;
}

}  // namespace

CouponRequestReader::CouponRequestReader()
    : body_{body_rules, payload::Unknown::refuse, "body"},
      record_{record_rules, payload::Unknown::ignore, "value"} {}

const payload::Problem* CouponRequestReader::read_http(std::optional<std::string_view> coupon,
                                                       std::string_view body, CouponRequest& into) {
  into.coupon_id = coupon ? whole_number(*coupon) : 0;
  if (into.coupon_id == 0) {
    problem_ = {422, "couponId", "couponId: " + must_be(coupon_rule, "another path segment")};
    return &problem_;
  }
  if (const payload::Problem* problem = body_.read(body)) return problem;
  into.user_id = body_.value(user_id).integer;
  return nullptr;
}

const payload::Problem* CouponRequestReader::read_record(std::string_view value,
                                                         CouponRequest& into) {
  if (const payload::Problem* problem = record_.read(value)) return problem;
  into.user_id = record_.value(user_id).integer;
  into.coupon_id = record_.value(coupon_id).integer;
  return nullptr;
}

}  // namespace coupons
