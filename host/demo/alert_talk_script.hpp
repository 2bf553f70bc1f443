// How the demo's AlertTalk behaves, and what it counted: it can be away, it fails for some orders a
// few times and for one always. Called on the endpoint's thread, told and asked on the main thread.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <set>
#include <string>

#include "embedded/alert_talk.hpp"

namespace gantry::demo {

class AlertTalkScript {
 public:
  struct Counts {
    std::int64_t delivered = 0;        // answered 200
    std::int64_t delivered_again = 0;  // of these, with an idempotency key seen before
    std::int64_t failed = 0;           // answered 500
    std::int64_t away = 0;             // answered 503
  };

  // Answers 500 to the notifications of these orders: so often each, or always.
  AlertTalkScript(std::map<std::int64_t, int> fails, std::set<std::int64_t> always_fails)
      : fails_(std::move(fails)), always_fails_(std::move(always_fails)) {}

  int answer(const embedded::Notification& notification);  // the HTTP status
  void be_away(bool away);
  Counts counts() const;

 private:
  mutable std::mutex mutex_;  // of all below
  std::map<std::int64_t, int> fails_;
  const std::set<std::int64_t> always_fails_;
  bool away_ = false;
  std::set<std::string> delivered_;
  Counts counts_;
};

}  // namespace gantry::demo
