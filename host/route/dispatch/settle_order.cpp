#include "route/dispatch/settle_order.hpp"

namespace gantry::route {

void SettleOrder::clear() {
  keys_.clear();
  records_ = 0;
}

void SettleOrder::pass(std::uint64_t key, Frontier::Sequence sequence) {
  keys_[key][sequence] = false;
  ++records_;
}

void SettleOrder::settle(std::uint64_t key, Frontier::Sequence sequence, Frontier& frontier) {
  const auto at = keys_.find(key);
  if (at == keys_.end() || sequence < at->second.begin()->first) return frontier.settle(sequence);
  Waiting& waiting = at->second;
  if (waiting.insert_or_assign(sequence, true).second) ++records_;
  while (!waiting.empty() && waiting.begin()->second) {
    frontier.settle(waiting.begin()->first);
    waiting.erase(waiting.begin());
    --records_;
  }
  if (waiting.empty()) keys_.erase(at);
}

}  // namespace gantry::route
