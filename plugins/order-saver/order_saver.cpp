#include "order_saver.hpp"

#include <outcome/verdict.hpp>
#include <set>
#include <span>

namespace orders {
namespace {

EventRecord record_of(const gantry::Message& message) {
  EventRecord record{message.topic(), message.partition(), message.offset(), std::nullopt,
                     message.header("__TypeId__")};
  if (message.has_value()) record.value = message.value();
  return record;
}

}  // namespace

OrderSaver::OrderSaver(const gantry::Context& context)
    : host_{context.host()}, repository_{context.database("database")}, listener_{repository_} {
  if (const auto metrics = context.find<gantry::Metrics>()) {
    saved_ = metrics->counter("orders_saved_total", "orders that were new");
    duplicates_ = metrics->counter("orders_duplicate_total", "orders that were there already");
    skipped_ = metrics->counter("orders_skipped_total", "events of another type");
  }
}

gantry::Verdict OrderSaver::handle_batch(gantry::Batch& batch) {
  read(batch);
  const Saved saved = listener_.on_orders_created(std::span(events_).first(event_count_));
  if (!saved.failure) count(saved);
  return settle(batch, saved);
}

void OrderSaver::read(const gantry::Batch& batch) {
  event_count_ = skipped_count_ = 0;
  malformed_.clear();
  if (events_.size() < batch.size()) events_.resize(batch.size());
  for (std::size_t i = 0; i < batch.size(); ++i) {
    switch (reader_.read(record_of(batch[i]), events_[event_count_])) {
      case Reading::event:
        ++event_count_;
        break;
      case Reading::other_type:
        ++skipped_count_;
        break;
      case Reading::malformed:
        malformed_.emplace_back(i, reader_.reason());
        break;
    }
  }
}

// What is malformed is rejected by itself, whatever becomes of the rest. A message that follows one
// of the same key that was rejected may not be ok in the same batch: it is left to the rest, and
// the host delivers it again.
gantry::Verdict OrderSaver::settle(const gantry::Batch& batch, const Saved& saved) {
  const bool failed = saved.failure.has_value();
  if (malformed_.empty()) return failed ? outcome::verdict(*saved.failure) : gantry::ok();
  std::set<std::string, std::less<>> rejected_keys;  // copies: settling ends a message's memory
  auto next = malformed_.begin();
  for (std::size_t i = 0; i < batch.size(); ++i) {
    const gantry::Message message = batch[i];
    if (next != malformed_.end() && next->first == i) {
      if (message.has_key()) rejected_keys.emplace(message.key());
      batch.settle(i, gantry::reject(next->second, "invalid_event"));
      ++next;
    } else if (!failed && !(message.has_key() && rejected_keys.contains(message.key()))) {
      batch.settle(i, gantry::ok());
    }
  }
  if (failed) return outcome::verdict(*saved.failure);
  return gantry::retry("an earlier message of this key was rejected in the same batch", {},
                       "after_rejected");
}

void OrderSaver::count(const Saved& saved) {
  saved_.add(static_cast<double>(saved.saved));
  duplicates_.add(static_cast<double>(saved.duplicates));
  skipped_.add(static_cast<double>(skipped_count_));
  if (saved.duplicates > 0) {
    host_.log(gantry::LogLevel::debug,
              std::to_string(saved.duplicates) + " orders were saved already");
  }
}

}  // namespace orders
