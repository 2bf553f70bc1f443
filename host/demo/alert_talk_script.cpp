#include "demo/alert_talk_script.hpp"

namespace gantry::demo {

int AlertTalkScript::answer(const embedded::Notification& notification) {
  const std::lock_guard lock{mutex_};
  if (away_) {
    ++counts_.away;
    return 503;
  }
  const auto failing = fails_.find(notification.order_id);
  if (always_fails_.contains(notification.order_id) ||
      (failing != fails_.end() && failing->second-- > 0)) {
    ++counts_.failed;
    return 500;
  }
  ++counts_.delivered;
  if (!delivered_.insert(notification.idempotency_key).second) ++counts_.delivered_again;
  return 200;
}

void AlertTalkScript::be_away(bool away) {
  const std::lock_guard lock{mutex_};
  away_ = away;
}

AlertTalkScript::Counts AlertTalkScript::counts() const {
  const std::lock_guard lock{mutex_};
  return counts_;
}

}  // namespace gantry::demo
