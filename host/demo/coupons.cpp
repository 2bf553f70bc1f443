#include "demo/coupons.hpp"

#include <algorithm>
#include <random>
#include <string>

#include "embedded/samples.hpp"

namespace gantry::demo {
namespace {

constexpr std::int64_t kForTheScarce = 120;
constexpr std::int64_t kForThePlentiful = 80;
constexpr std::int64_t kNoCoupon = 999;

void count_one(const Answer& answer, CouponAnswers& counted) {
  const auto says = [&](const char* kind) { return answer.body.find(kind) != std::string::npos; };
  switch (answer.status) {
    case 202:
      ++counted.accepted;
      return;
    case 200:
      ++counted.repeated;
      return;
    case 404:
      ++counted.unknown;
      return;
    case 400:
    case 422:
      ++counted.malformed;
      return;
    case 409:
      ++(says("sold-out")   ? counted.sold_out
         : says("not-open") ? counted.not_open
                            : counted.failed);
      return;
    default:
      ++counted.failed;
  }
}

}  // namespace

void CouponAnswers::add(const CouponAnswers& more) {
  sent += more.sent;
  accepted += more.accepted;
  repeated += more.repeated;
  sold_out += more.sold_out;
  not_open += more.not_open;
  unknown += more.unknown;
  malformed += more.malformed;
  failed += more.failed;
}

std::vector<Request> coupon_requests(const Wiring& wiring) {
  std::vector<Request> requests;
  const auto add = [&](std::int64_t coupon, std::int64_t user) {
    requests.push_back({wiring.coupon_path(coupon), R"({"userId":)" + std::to_string(user) + '}'});
  };
  for (std::int64_t user = 1; user <= kForTheScarce; ++user) add(embedded::kScarceCoupon, user);
  for (std::int64_t user = 1; user <= kForThePlentiful; ++user) {
    add(embedded::kPlentifulCoupon, user);
    add(embedded::kPlentifulCoupon, user);
  }
  for (std::int64_t user = 1; user <= 3; ++user) add(embedded::kFutureCoupon, user);
  for (std::int64_t user = 1; user <= 2; ++user) add(kNoCoupon, user);
  for (const char* body : {"{}", R"({"userId":"one"})", R"({"userId":1)"}) {
    requests.push_back({wiring.coupon_path(embedded::kPlentifulCoupon), body});
  }
  std::shuffle(requests.begin(), requests.end(),
               std::mt19937(43));  // NOLINT(cert-msc51-cpp): the same order every time
  return requests;
}

std::vector<Request> again(const std::vector<Request>& requests,
                           const std::vector<Answer>& answers) {
  std::vector<Request> winners;
  for (std::size_t i = 0; i < answers.size(); ++i) {
    if (answers[i].status == 202) winners.push_back(requests[i]);
  }
  return winners;
}

CouponAnswers count(const std::vector<Answer>& answers) {
  CouponAnswers counted;
  counted.sent = static_cast<std::int64_t>(answers.size());
  for (const Answer& answer : answers) count_one(answer, counted);
  return counted;
}

}  // namespace gantry::demo
