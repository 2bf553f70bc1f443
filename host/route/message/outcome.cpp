#include "route/message/outcome.hpp"

#include <algorithm>

namespace gantry::route {
namespace {

constexpr std::size_t kMostText = 1000;

void assign_text(std::string& to, gantry_str from) {
  if (from.data == nullptr)
    to.clear();
  else
    to.assign(from.data, std::min(from.size, kMostText));
}

}  // namespace

void Outcome::assign(const gantry_outcome& from) {
  verdict = from.verdict;
  retry_after_ms = from.retry_after_ms;
  group = 1;
  if (verdict == GANTRY_OK) return;
  assign_text(reason, from.reason);
  assign_text(error_class, from.error_class);
}

void Outcome::reset() {
  verdict = kUnsettled;
  retry_after_ms = 0;
  group = 1;
  reason.clear();
  error_class.clear();
}

void Claim::clear() {
  deliveries.clear();
  used_ = 0;
}

void Claim::add(Delivery* delivery) {
  deliveries.push_back(delivery);
  if (used_ == outcomes.size()) outcomes.emplace_back();
  outcomes[used_++].reset();
}

}  // namespace gantry::route
