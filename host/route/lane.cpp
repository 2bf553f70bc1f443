#include "route/lane.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "route/dispatch/partition.hpp"
#include "route/signal_stack.hpp"
#include "route/thread_name.hpp"

namespace gantry::route {
namespace {

// A lane of a one-by-one handler takes as many messages at once as it is likely to handle in this
// time: enough to make the hand-over cheap, too little for others to notice.
constexpr std::chrono::microseconds kClaimTime{200};
constexpr std::size_t kMostClaimed = 1024;
// It may take this long where the thread was preempted; then the rest goes back.
constexpr std::chrono::milliseconds kMostClaimTime{10};

constexpr std::chrono::nanoseconds kQuick{500};  // a call, with what it costs to make it
constexpr std::size_t kTimedTogether = 8;        // quick calls: a look at the clock costs as much
constexpr std::size_t kTelling = 32;             // fewer are slower, since nothing is in the caches

// The call that this thread is in, for settle() from within handle().
struct Call {
  const Lane::Work* work;
  Claim* claim;
  std::size_t begin, end;
};
thread_local Call* current_call = nullptr;

constexpr const char* kPendingUnasked = "handler left a message pending without declaring it";

}  // namespace

Lane::Lane(std::unique_ptr<HandlerInstance> instance, const HandlerTraits& traits, Work& work,
           CallTimes& times, JournalHand journal)
    : instance_(std::move(instance)),
      traits_(traits),
      work_(work),
      times_(times),
      journal_(journal),
      limit_(traits.max_batch) {}

void Lane::start(std::string_view route) {
  thread_ = std::thread{&Lane::run, this};
  name_thread(thread_, "lane", route);
}

// A call for a whole claim leaves nothing to take back.
void Lane::begin() {
  claimed_ = static_cast<std::uint32_t>(claim_.size());
  next_ = together() ? kStolen : 0;
}

void Lane::run() {
  const SignalStack signal_stack;
  const WorksFor route{journal_.owner()};
  rest_.reset();
  while (work_.exchange(*this, claim_, rest_)) {
    // A handler that takes messages one by one and may pend gets claims of one message, since other
    // threads write the outcomes of a claim that can be settled by slot.
    if (together())
      handle_together();
    else
      handle_one_by_one();
  }
}

void Lane::adapt(std::size_t count, Clock::duration took) {
  const Clock::duration each{
      std::max<Clock::rep>(took.count() / static_cast<Clock::rep>(count), 1)};
  if (each <= kQuick)
    slow_claims_ = 0;
  else if (took > kMostClaimTime)
    slow_claims_ = kSlowClaims;
  else if (count >= kTelling || each > 20 * kQuick)
    slow_claims_ = std::min(slow_claims_ + 1, kSlowClaims);
  if (slow_claims_ != 0 && quick()) return;
  limit_ = std::clamp<std::size_t>(static_cast<std::size_t>(kClaimTime / each), 1,
                                   std::min(kMostClaimed, limit_ * 4));
}

void Lane::handle_together() {
  const Time began = Clock::now();
  call(0, claimed_, began, rest_);
  times_.add(Clock::now() - began);
}

void Lane::handle_one_by_one() {
  const Time began = Clock::now();
  rest_.reset();
  rest_.verdict = kNotRun;  // what is left over was skipped, halted or taken back
  const Key* blocked = nullptr;
  std::size_t handled = 0;
  Time now = began;         // what stands between two calls takes no time to speak of
  std::size_t untimed = 0;  // calls since then
  const auto look_at_clock = [&] {
    const Time before = std::exchange(now, Clock::now());
    times_.add(now - before, std::exchange(untimed, 0));
  };
  const std::size_t timed_together = quick() ? kTimedTogether : 1;
  for (std::uint32_t i = 0;
       (i = next_.fetch_add(1)) < claimed_ && now - began <= kMostClaimTime && !work_.halted();) {
    const Key* key = claim_.deliveries[i]->key;
    if (key == blocked) continue;
    Outcome& outcome = claim_.outcomes[i];
    Outcome said;
    call(i, 1, now, said);
    ++handled;
    if (++untimed == timed_together) look_at_clock();
    if (outcome.verdict == kUnsettled) outcome = std::move(said);
    // The next ones of this key wait until this one is through.
    if (outcome.verdict != GANTRY_OK && outcome.verdict != GANTRY_REJECT) blocked = key;
  }
  if (untimed != 0) look_at_clock();
  if (handled != 0) adapt(handled, now - began);
}

void Lane::call(std::size_t index, std::size_t count, Time began, Outcome& rest) {
  messages_.clear();
  const bool notes = !traits_.may_pend;  // else the pending table does, for longer than the call
  for (std::size_t i = index; i < index + count; ++i) {
    const Delivery& delivery = *claim_.deliveries[i];
    messages_.push_back(&delivery.message);
    if (notes) journal_.put(static_cast<std::uint32_t>(i - index), record_of(delivery));
  }
  gantry_outcome said{sizeof(gantry_outcome), GANTRY_OK, 0, {}, {}};
  Call here{&work_, &claim_, index, index + count};
  current_call = &here;
  call_began_.store(began.time_since_epoch().count(), std::memory_order_relaxed);  // orders nothing
  if (notes) journal_.hold(count);
  instance_->handle(messages_, said);
  if (notes) journal_.hold(0);
  call_began_.store(0, std::memory_order_relaxed);
  current_call = nullptr;
  rest.assign(said);
  if (rest.verdict == GANTRY_PENDING && !traits_.may_pend) {
    rest.verdict = GANTRY_RETRY;
    rest.reason = kPendingUnasked;
    rest.error_class = "pending";
  }
}

namespace {

// Where in the claim of this thread's call the slot is; nullopt: it is not of this call.
std::optional<std::size_t> index_in_call(const Lane::Work* work, gantry_slot slot) {
  if (current_call == nullptr || current_call->work != work) return std::nullopt;
  const Call& call = *current_call;
  const gantry_slot first = call.claim->deliveries[call.begin]->message.slot;
  if (slot < first || slot - first >= call.end - call.begin)
    return std::nullopt;  // slots of a claim are consecutive
  return call.begin + (slot - first);
}

}  // namespace

Delivery* Lane::unsettled_in_call(const Work* work, gantry_slot slot) {
  const auto index = index_in_call(work, slot);
  if (!index || current_call->claim->outcomes[*index].verdict != kUnsettled) return nullptr;
  return current_call->claim->deliveries[*index];
}

bool Lane::settle_in_call(const Work* work, gantry_slot slot, const gantry_outcome& outcome,
                          bool& accepted) {
  const auto index = index_in_call(work, slot);
  if (!index) return false;
  Outcome& said = current_call->claim->outcomes[*index];
  accepted = said.verdict == kUnsettled;
  if (accepted) said.assign(outcome);
  return true;
}

Clock::duration Lane::in_call(Time now) const {
  const Clock::rep began = call_began_;
  return began == 0 ? Clock::duration{0} : now.time_since_epoch() - Clock::duration{began};
}

std::vector<gantry_slot> Lane::slots_in_call() const {
  std::vector<gantry_slot> slots;
  for (const Delivery* delivery : claim_.deliveries)
    if (delivery->message.slot != 0) slots.push_back(delivery->message.slot);
  return slots;
}

}  // namespace gantry::route
