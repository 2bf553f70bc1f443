// What follows from one verdict for one message, and for the trust in what handlers depend on.
#include <algorithm>

#include "route/dispatch/dispatcher.hpp"

namespace gantry::route {
namespace {

// Unavailable so often while others succeeded: it is the message after all.
constexpr std::uint32_t kStrikes = 3;

}  // namespace

Dispatcher::Fate Dispatcher::judge(Delivery& delivery, const Outcome& outcome, Time now) {
  const bool shared_blame = outcome.group > 1;
  if (outcome.verdict != GANTRY_OK) count_failure(delivery, outcome, now);
  switch (outcome.verdict) {
    case GANTRY_OK:
      ++successes_;
      ++counts_.ok;
      // Whoever waits for the answer to a request waits for its records, too.
      if (!requests_ || delivery.records.empty()) availability_.succeeded(now, delivery.probe);
      return {Fate::done};
    case GANTRY_REJECT:
      if (shared_blame) break;
      availability_.succeeded(now, delivery.probe);
      return {.what = Fate::buried, .cause = DeadLetterCause::rejected};
    case GANTRY_UNAVAILABLE:
      if (delivery.no_room) {  // says nothing of what handlers depend on
        if (delivery.probe) availability_.probe_returned_unused();
        if (shared_blame) break;
        return {Fate::again_first};
      }
      if (!judge_unavailable(delivery, outcome, now)) {
        if (shared_blame) break;
        return judge_failure(delivery, outcome, now);
      }
      if (requests_) return {.what = Fate::buried, .cause = DeadLetterCause::unavailable};
      return {Fate::again_last};
    case GANTRY_RETRY:
      if (shared_blame) break;
      availability_.succeeded(now, delivery.probe);
      return judge_failure(delivery, outcome, now);
    case GANTRY_PENDING:
      return {Fate::in_hands};
    case kTimedOut:  // says nothing of the dependency, neither good nor bad
      if (delivery.probe) availability_.probe_returned_unused();
      return judge_failure(delivery, outcome, now);
    default:  // kNotRun
      if (delivery.probe) availability_.probe_returned_unused();
      return {Fate::again_first};
  }
  // Somebody in this batch is to blame: in halves down to one message, and for good, so that it
  // does not draw neighbours into its next attempt.
  delivery.batch_limit = (outcome.group + 1) / 2;
  return {Fate::again_first};
}

Dispatcher::Fate Dispatcher::judge_failure(Delivery& delivery, const Outcome& outcome, Time now) {
  ++delivery.attempts;
  // The client of a request tries again itself.
  if (requests_ || delivery.attempts >= static_cast<std::uint32_t>(route_.retry.max_attempts))
    return {.what = Fate::buried, .cause = DeadLetterCause::exhausted};
  ++counts_.retries;
  const Milliseconds wait =
      std::max(backoff_before_retry(route_.retry, delivery.attempts, random()),
               Milliseconds{outcome.retry_after_ms});
  return {.what = Fate::parked, .until = now + wait};
}

// False: it is not the dependency.
bool Dispatcher::judge_unavailable(Delivery& delivery, const Outcome& outcome, Time now) {
  const bool others_succeeded =
      delivery.unavailable_at != 0 && successes_ + 1 > delivery.unavailable_at;
  delivery.unavailable_at = successes_ + 1;
  if (others_succeeded && ++delivery.unavailable_strikes >= kStrikes) {
    delivery.unavailable_strikes = 0;
    availability_.succeeded(now, delivery.probe);
    return false;
  }
  unavailable_reason_ = outcome.reason;
  availability_.unavailable(now, delivery.probe, Milliseconds{outcome.retry_after_ms}, random());
  return true;
}

void Dispatcher::count_failure(const Delivery& delivery, const Outcome& outcome, Time now) {
  const bool alone = outcome.group <= 1;
  switch (outcome.verdict) {
    case GANTRY_REJECT:
      if (alone) ++counts_.reject, errors_.note(delivery, "reject", outcome, now);
      return;
    case GANTRY_RETRY:
      if (alone) ++counts_.retry, errors_.note(delivery, "retry", outcome, now);
      return;
    case GANTRY_UNAVAILABLE:
      if (delivery.no_room) return;  // the host's own doing
      ++counts_.unavailable;
      errors_.note(delivery, "unavailable", outcome, now);
      return;
    case kTimedOut:
      ++counts_.timeout;
      errors_.note(delivery, "timeout", outcome, now);
      return;
    default:
      return;
  }
}

}  // namespace gantry::route
