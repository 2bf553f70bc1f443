// The records that are due go to the publisher, in their order, and what became of them comes back.
#include <utility>

#include "route/route.hpp"

namespace gantry::route {
namespace {

constexpr std::size_t kSendAtOnce = 256;  // records a hold of the mutex

thread_local const Route* sender = nullptr;  // this thread is handing its records to the publisher

}  // namespace

// Whoever has something to send sends what others bring meanwhile, too: one thread at a time, so
// that records reach the publisher in their order.
void Route::send_records() {
  {
    const Lock lock{mutex_};
    if (std::exchange(sending_, true)) return;
  }
  while (send_some()) {
  }
}

bool Route::send_some() {
  const std::lock_guard sending{send_mutex_};
  {
    const Lock lock{mutex_};
    const Time now = Clock::now();
    to_send_.clear();
    for (Outgoing* next = nullptr;
         to_send_.size() < kSendAtOnce && (next = dispatcher_.next_record(now)) != nullptr;)
      to_send_.push_back(next);
    if (to_send_.empty()) return sending_ = false;
  }
  sender = this;
  send_failed_ = false;
  std::size_t sent = 0;
  for (; sent < to_send_.size() && !send_failed_; ++sent)
    parts_.outputs->publish(std::move(to_send_[sent]->record),
                            [this, outgoing = to_send_[sent]](const PublishResult& result) {
                              record_done(outgoing, result);
                            });
  sender = nullptr;
  // One that was not taken at once, and perhaps others of its key behind it.
  const Lock lock{mutex_};
  while (to_send_.size() > sent) {
    dispatcher_.put_back(to_send_.back());
    to_send_.pop_back();
  }
  return true;
}

void Route::record_done(Outgoing* sent, const PublishResult& result) {
  // What is taken and not with the publisher yet goes there before it is known that something has
  // failed. Who holds that up holds up the publisher, which takes nothing before everything that
  // failed is reported: so nothing goes out after it.
  std::unique_lock<std::mutex> nothing_between;
  if (result.status == PublishStatus::failed) {
    if (sender == this)
      send_failed_ = true;
    else
      nothing_between = std::unique_lock{send_mutex_};
  }
  Effects effects;
  {
    const Lock lock{mutex_};
    dispatcher_.record_done(sent, result, Clock::now(), effects);
    after_settle();
    wake_waiting_lane();
  }
  if (nothing_between) nothing_between.unlock();
  apply(effects);
}

void Route::recall() {
  const std::lock_guard nothing_between{send_mutex_};
  parts_.outputs->recall();
}

}  // namespace gantry::route
