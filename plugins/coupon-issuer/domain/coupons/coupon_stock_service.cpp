#include "coupons/coupon_stock_service.hpp"

#include <algorithm>
#include <unordered_map>

namespace coupons {
namespace {

struct Hash {
  std::size_t operator()(const CouponRequest& request) const {
    const auto coupon = static_cast<std::uint64_t>(request.coupon_id);
    const auto user = static_cast<std::uint64_t>(request.user_id);
    return static_cast<std::size_t>((coupon * 0x9E3779B97F4A7C15u) ^ user);
  }
};
struct Same {
  bool operator()(const CouponRequest& a, const CouponRequest& b) const {
    return a.coupon_id == b.coupon_id && a.user_id == b.user_id;
  }
};

CouponType* find(std::span<CouponType> types, std::int64_t coupon_id) {
  const auto found =
      std::lower_bound(types.begin(), types.end(), coupon_id,
                       [](const CouponType& type, std::int64_t id) { return type.coupon_id < id; });
  return found != types.end() && found->coupon_id == coupon_id ? &*found : nullptr;
}

// Of somebody who has none yet.
Answer decide(CouponType& type) {
  if (!type.open) return {Decision::not_open, 0, {}};
  if (type.remaining == 0) return {Decision::sold_out, 0, {}};
  --type.remaining;
  return {Decision::accepted, type.stock - type.remaining, std::string(queued)};
}

}  // namespace

std::vector<Answer> CouponStockService::take(std::span<const CouponRequest> requests,
                                             std::span<CouponType> types,
                                             CouponStock& stock) const {
  std::vector<Answer> answers(requests.size());
  if (types.empty()) return answers;
  for (KnownRequest& known : stock.known(requests)) {
    answers[known.place] = {Decision::repeated, known.number, std::move(known.state)};
  }
  std::unordered_map<CouponRequest, std::int64_t, Hash, Same> numbers;  // of this call
  std::vector<Allotment> allotments;
  for (std::size_t i = 0; i < requests.size(); ++i) {
    CouponType* type = find(types, requests[i].coupon_id);
    if (answers[i].decision == Decision::repeated || type == nullptr) continue;
    if (const auto mine = numbers.find(requests[i]); mine != numbers.end()) {
      answers[i] = {Decision::repeated, mine->second, std::string(queued)};
      continue;
    }
    answers[i] = decide(*type);
    if (answers[i].decision != Decision::accepted) continue;
    numbers.emplace(requests[i], answers[i].number);
    allotments.push_back({requests[i].coupon_id, requests[i].user_id, answers[i].number});
  }
  if (!allotments.empty()) stock.take(allotments);
  return answers;
}

}  // namespace coupons
