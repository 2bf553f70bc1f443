#include "route/dispatch/recent_errors.hpp"

namespace gantry::route {

void RecentErrors::note(const Delivery& delivery, std::string_view verdict, const Outcome& outcome,
                        Time now) {
  const bool again = !errors_.empty() && errors_.front().verdict == verdict &&
                     errors_.front().reason == outcome.reason;
  if (!again) {
    if (errors_.size() == kMost) errors_.pop_back();
    errors_.push_front({.verdict = verdict,
                        .reason = outcome.reason,
                        .error_class = outcome.error_class,
                        .topic = {}});
  } else {
    ++errors_.front().times;
  }
  RecentError& error = errors_.front();
  error.at = now;
  const gantry_message& message = delivery.message;
  error.topic.assign(message.topic.data == nullptr ? "" : message.topic.data, message.topic.size);
  error.partition = message.partition;
  error.offset = message.offset;
}

}  // namespace gantry::route
