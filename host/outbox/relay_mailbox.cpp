#include "outbox/relay_mailbox.hpp"

#include <utility>

namespace gantry::outbox {

void RelayMailbox::post(Report report) {
  const std::lock_guard lock{mutex_};
  reports_.push_back(std::move(report));
  changed_.notify_one();
}

void RelayMailbox::wake() {
  const std::lock_guard lock{mutex_};
  if (std::exchange(woken_, true)) return;
  changed_.notify_one();
}

void RelayMailbox::begin_end() {
  const std::lock_guard lock{mutex_};
  ending_ = true;
  woken_ = true;
  changed_.notify_all();
}

bool RelayMailbox::ending() const {
  const std::lock_guard lock{mutex_};
  return ending_;
}

void RelayMailbox::wait(Time until, Time not_before, Enough enough) {
  std::unique_lock lock{mutex_};
  changed_.wait_until(lock, until, [this] { return woken_ || !reports_.empty(); });
  changed_.wait_until(lock, not_before, [this] { return ending_; });
  changed_.wait_for(lock, enough.patience,
                    [&] { return reports_.size() >= enough.reports || ending_; });
  woken_ = false;
}

bool RelayMailbox::wait_for_end(std::chrono::milliseconds time) {
  std::unique_lock lock{mutex_};
  return changed_.wait_for(lock, time, [this] { return ending_; });
}

std::vector<RelayMailbox::Report> RelayMailbox::take() {
  const std::lock_guard lock{mutex_};
  return std::exchange(reports_, {});
}

}  // namespace gantry::outbox
