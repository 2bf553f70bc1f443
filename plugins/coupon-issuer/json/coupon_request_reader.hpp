// A request for a coupon: out of an HTTP request (the coupon in the path, the user in the body), or
// out of a record's value, which has both. One thread at a time; a handler instance owns one.
#pragma once

#include <coupons/coupon.hpp>
#include <optional>
#include <payload/object_reader.hpp>
#include <string_view>

namespace coupons {

class CouponRequestReader {
 public:
  CouponRequestReader();

  // nullptr: `into` is filled in. Otherwise what is wrong, valid until the next call.
  const payload::Problem* read_http(std::optional<std::string_view> coupon_id,
                                    std::string_view body, CouponRequest& into);
  const payload::Problem* read_record(std::string_view value, CouponRequest& into);

 private:
  payload::ObjectReader body_;
  payload::ObjectReader record_;
  payload::Problem problem_;
};

}  // namespace coupons
