#include "coupon_event_reader.hpp"

#include <array>

namespace coupons {
namespace {

using payload::Kind;
using payload::Rule;

constexpr std::array rules{Rule{"couponId", Kind::integer, 1, payload::largest_id},
                           Rule{"userId", Kind::integer, 1, payload::largest_id},
                           Rule{"number", Kind::integer, 1, payload::largest_id, false},
                           Rule{"type", Kind::text, 0, 0, false},
                           Rule{"eventId", Kind::word, 1, 100, false},
                           Rule{"occurredAt", Kind::instant, 0, 0, false}};
enum { coupon_id, user_id, number, type };

// Java's type ids are class names: the last segment is the type.
bool names_this_type(std::string_view type_id) {
  const auto last = type_id.find_last_of(".$");
  if (last != std::string_view::npos) type_id.remove_prefix(last + 1);
  return type_id == CouponIssueEvent::type;
}

}  // namespace

CouponEventReader::CouponEventReader() : reader_{rules, payload::Unknown::ignore, "value"} {}

Reading CouponEventReader::refuse(std::optional<std::string_view> type_id, std::string reason) {
  if (type_id && !names_this_type(*type_id)) return Reading::other_type;
  reason_ = std::move(reason);
  return Reading::malformed;
}

Reading CouponEventReader::read(std::optional<std::string_view> value,
                                std::optional<std::string_view> type_id, CouponIssueEvent& into) {
  reason_.clear();
  if (!value) return refuse(type_id, "value: is null (a tombstone), not an event");
  const payload::Problem* problem = reader_.read(*value);
  if (problem != nullptr && problem->status != 422) return refuse(type_id, problem->detail);
  if (reader_.value(type).present) {
    if (reader_.value(type).text != CouponIssueEvent::type) return Reading::other_type;
    type_id.reset();  // the field is believed more than the header
  } else if (problem == nullptr && !type_id) {
    return refuse(type_id, "type: is missing, and so is the header __TypeId__");
  }
  if (problem != nullptr) return refuse(type_id, problem->detail);
  if (type_id && !names_this_type(*type_id)) return Reading::other_type;
  into = {reader_.value(coupon_id).integer,
          reader_.value(user_id).integer,
          reader_.value(number).integer,
          {}};
  return Reading::event;
}

}  // namespace coupons
