// A CouponIssueEvent out of a record's value, with the limits of
// schema/coupon_issue_event.schema.json. One thread at a time; a handler instance owns one.
#pragma once

#include <coupons/coupon.hpp>
#include <optional>
#include <payload/object_reader.hpp>
#include <string>
#include <string_view>

namespace coupons {

enum class Reading {
  event,       // the event is filled in
  other_type,  // well, but not a CouponIssueEvent
  malformed    // reason() names the field and what is wrong
};

class CouponEventReader {
 public:
  CouponEventReader();

  // `type_id`: the header __TypeId__, which counts where the event has no `type`.
  Reading read(std::optional<std::string_view> value, std::optional<std::string_view> type_id,
               CouponIssueEvent& into);
  const std::string& reason() const { return reason_; }  // no texts of the event

 private:
  Reading refuse(std::optional<std::string_view> type_id, std::string reason);

  payload::ObjectReader reader_;
  std::string reason_;
};

}  // namespace coupons
