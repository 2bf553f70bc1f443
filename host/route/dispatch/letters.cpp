// Messages that become dead letters: settled once the brokers have them, and nothing passes by one
// that they refuse.
#include <utility>

#include "route/dispatch/dispatcher.hpp"

namespace gantry::route {
namespace {

constexpr Milliseconds kDeadLetterBackoff{1000};

}  // namespace

// Its key goes on, though it is not settled yet.
void Dispatcher::pass(const Delivery& delivery) {
  const auto order = requests_ || !current(delivery) ? std::nullopt : order_of(delivery);
  if (order) delivery.partition->settle_order.pass(*order, delivery.sequence);
}

void Dispatcher::bury(Delivery* delivery, DeadLetterCause cause, Outcome outcome,
                      Effects& effects) {
  copy_out(*delivery, effects);
  pass(*delivery);
  if (cause != DeadLetterCause::exhausted) ++delivery->attempts;  // that of the verdict itself
  delivery->unsent = 1;
  delivery->refused = requests_;
  ++dead_letters_;
  effects.dead_letters.push_back({delivery, cause, std::move(outcome)});
}

void Dispatcher::dead_letter_done(DeadLetterJob job, bool acknowledged, std::string error, Time now,
                                  Effects& effects) {
  if (!requests_)
    ++(acknowledged ? counts_.dead_letters[static_cast<std::size_t>(job.cause)]
                    : counts_.dead_letter_failures);
  if (acknowledged || !current(*job.delivery)) {
    if (job.refused && --holding_letters_ == 0) dead_letter_error_.clear();
    --dead_letters_;
    one_through(job.delivery, now, effects);
    return;
  }
  // Nothing may pass it by: the route holds until the brokers take it.
  if (!std::exchange(job.refused, true)) ++holding_letters_;
  dead_letter_error_ = error.empty() ? "the dead letter was not acknowledged" : std::move(error);
  refused_dead_letters_.emplace(now + kDeadLetterBackoff, std::move(job));
}

}  // namespace gantry::route
