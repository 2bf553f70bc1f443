#include "route/settle_order.hpp"

namespace gantry::route {

void SettleOrder::settle(std::uint64_t key, Frontier::Sequence sequence, Frontier& frontier) {
  const auto at = keys_.find(key);
  if (at == keys_.end() || sequence < at->second.begin()->first) return frontier.settle(sequence);
  Waiting& waiting = at->second;
  waiting[sequence] = true;
  while (!waiting.empty() && waiting.begin()->second) {
    frontier.settle(waiting.begin()->first);
    waiting.erase(waiting.begin());
  }
  if (waiting.empty()) keys_.erase(at);
}

}  // namespace gantry::route
