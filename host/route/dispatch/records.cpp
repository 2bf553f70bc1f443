// What handlers publish: held with its message, sent when that is settled ok, and the message's
// offset moves on when all of it has got through.
#include <utility>

#include "route/dispatch/dispatcher.hpp"

namespace gantry::route {
namespace {

// Beside its bytes: what it is kept in here and in the client library.
constexpr std::uint64_t kRecordOverhead = sizeof(Outgoing) + 256;
constexpr std::uint64_t kHeaderOverhead = sizeof(OutHeader) + 64;
// The client of a request gets its answer within this time, and a second more at most.
constexpr Milliseconds kRequestPatience{5'000};

}  // namespace

std::int32_t Dispatcher::publish(Delivery& delivery, OutRecord&& record) {
  const std::uint64_t bytes =
      wire_size(record) + kRecordOverhead + record.headers.size() * kHeaderOverhead;
  auto outgoing = std::make_unique<Outgoing>(std::move(record), &delivery);
  if (!room_.take(bytes, &delivery)) {
    delivery.no_room = true;
    return GANTRY_FULL;
  }
  outgoing->room = &room_;
  outgoing->bytes = bytes;
  delivery.records.push_back(std::move(outgoing));
  return GANTRY_DONE;
}

void Dispatcher::send(Delivery* delivery, bool probe, Time now, Effects& effects) {
  delivery->probe = probe && requests_;
  delivery->no_room = false;
  pass(*delivery);
  delivery->unsent = static_cast<std::uint32_t>(delivery->records.size());
  for (auto& record : delivery->records) {
    record->settled = now;
    send_order_.add(std::move(record));
  }
  delivery->records.clear();
  effects.records = true;
}

void Dispatcher::record_done(Outgoing* sent, const PublishResult& result, Time now,
                             Effects& effects) {
  if (result.record != nullptr) sent->record = std::move(*result.record);
  sent->record.alone |= result.suspect;
  counts_.published += result.status == PublishStatus::acknowledged ? 1 : 0;
  counts_.publish_failures += result.status == PublishStatus::failed ? 1 : 0;
  if (goes_again(*sent, result, now)) {
    send_order_.failed(sent, now, result.error);
  } else {
    Delivery* delivery = sent->delivery;
    const bool failed = result.status == PublishStatus::failed;
    auto record = failed ? send_order_.given_up(sent, now) : send_order_.through(sent, now);
    if (result.status != PublishStatus::acknowledged && current(*delivery)) {
      refuse(std::move(record), result, now, effects);
    } else {
      record.reset();
      one_through(delivery, now, effects);
    }
  }
  effects.records |= send_order_.ready();
}

bool Dispatcher::goes_again(const Outgoing& sent, const PublishResult& result, Time now) const {
  if (result.status != PublishStatus::failed || !current(*sent.delivery)) return false;
  return !requests_ || now - sent.settled < kRequestPatience;
}

// The route's dead letter, or the answer to a request.
void Dispatcher::refuse(std::unique_ptr<Outgoing> record, const PublishResult& result, Time now,
                        Effects& effects) {
  Delivery* delivery = record->delivery;
  copy_out(*delivery, effects);
  const bool later = result.status == PublishStatus::failed;
  if (later) {
    unavailable_reason_ = result.error;
    availability_.unavailable(now, std::exchange(delivery->probe, false), Milliseconds{0},
                              random());
  }
  delivery->refused = requests_;
  ++dead_letters_;
  Outcome outcome;
  outcome.reason = result.error;
  outcome.error_class = result.error.substr(0, result.error.find(':'));
  if (later) outcome.retry_after_ms = static_cast<std::uint32_t>(availability_.pause().count());
  effects.dead_letters.push_back(
      {.delivery = delivery,
       .cause = later ? DeadLetterCause::unavailable : DeadLetterCause::send_failed,
       .outcome = std::move(outcome),
       .record = std::move(record)});
  if (later) refuse_waiting(effects);
}

void Dispatcher::one_through(Delivery* delivery, Time now, Effects& effects) {
  if (requests_ && delivery->unsent == 1) {
    if (current(*delivery) && !delivery->refused) {
      availability_.succeeded(now, std::exchange(delivery->probe, false));
      succeed(*delivery, effects);
    }
  }
  one_less(delivery, effects);
}

void Dispatcher::one_less(Delivery* delivery, Effects& effects) {
  if (--delivery->unsent == 0) finish(delivery, effects);
}

}  // namespace gantry::route
