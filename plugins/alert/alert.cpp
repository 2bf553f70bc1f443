#include "alert.hpp"

#include <algorithm>
#include <outcome/verdict.hpp>

namespace notifications {
namespace {

orders::EventRecord record_of(const gantry::Message& message) {
  orders::EventRecord record{message.topic(), message.partition(), message.offset(), std::nullopt,
                             message.header("__TypeId__")};
  if (message.has_value()) record.value = message.value();
  return record;
}

AlertTalkSettings settings_of(const gantry::Context& context) {
  AlertTalkSettings settings;
  settings.url = context.url("url");
  settings.template_code = context.text("template");
  settings.sender_key = context.text("sender_key");
  settings.timeout = context.duration("timeout_ms");
  settings.idempotency_header = context.text("idempotency_header");
  settings.success_pointer = context.text("success_pointer");
  settings.max_in_flight = static_cast<std::size_t>(context.integer("max_in_flight"));
  for (const std::string& code : context.text_list("duplicate_codes")) {
    settings.duplicate_codes.push_back(parse_duplicate_code(code));
  }
  check(settings);
  return settings;
}

}  // namespace

Alert::Alert(const gantry::Context& context, Shared& shared)
    : host_{context.host()},
      starts_{context.database("database")},
      ends_{context.database("database")},
      client_{settings_of(context),
              [this](std::span<const Delivery> deliveries) {
                settle(listener_.on_deliveries(deliveries));
              }},
      listener_{starts_, ends_, client_, shared.unrecorded} {
  if (const auto metrics = context.find<gantry::Metrics>()) {
    sent_ = metrics->counter("notifications_sent_total", "notifications the provider accepted");
    repeated_ = metrics->counter("notifications_repeated_total",
                                 "events whose notification was sent before");
    skipped_ = metrics->counter("notifications_skipped_total", "events of another type");
  }
}

// Malformed and foreign messages are settled here, as is what was sent before; the rest stays
// pending until its answer.
gantry::Verdict Alert::handle_batch(gantry::Batch& batch) {
  std::vector<PaidOrder> orders;
  orders::OrderCreatedEvent event;
  for (std::size_t i = 0; i < batch.size(); ++i) {
    switch (reader_.read(record_of(batch[i]), event)) {
      case orders::Reading::event:
        orders.push_back({batch[i].slot().id(), notification_of(event)});
        break;
      case orders::Reading::other_type:
        skipped_.add();
        batch.settle(i, gantry::ok());
        break;
      case orders::Reading::malformed:
        batch.settle(i, gantry::reject(reader_.reason(), "invalid_event"));
        break;
    }
  }
  settle(listener_.on_orders_created(orders));
  return gantry::pending();
}

void Alert::cancel(gantry::Slot slot) {
  if (const auto conclusion = listener_.abort(slot.id())) settle(*conclusion);
}

// A little of the time is kept for recording what the last answers were.
void Alert::drain(std::chrono::milliseconds deadline) {
  client_.finish(deadline - std::min(deadline / 4, std::chrono::milliseconds(1000)));
}

void Alert::settle(std::span<const Conclusion> conclusions) {
  for (const Conclusion& conclusion : conclusions) settle(conclusion);
}

void Alert::settle(const Conclusion& conclusion) {
  const gantry::Slot slot{host_.raw(), conclusion.ticket};
  if (conclusion.answer == Answer::failed) {
    slot.settle(outcome::verdict(conclusion.failure));
    return;
  }
  (conclusion.answer == Answer::accepted ? sent_ : repeated_).add();
  slot.settle(gantry::ok());
}

}  // namespace notifications
